import { pathToFileURL } from "node:url";
import { TaskLoadError } from "../errors/errors.js";
import type { Middleware } from "./middleware.js";

/**
 * The middleware that these modules export as their default, one or a list of them.
 *
 * @throws TaskLoadError when a module cannot be imported or exports something else: without its middleware no task runs
 */
export async function loadMiddleware(files: readonly string[]): Promise<Middleware[]> {
  const found: Middleware[] = [];
  for (const file of files) found.push(...middlewareOf(await importModule(file), file));
  return found;
}

async function importModule(file: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
    return module.default;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TaskLoadError(`the middleware ${file} could not be imported: ${why}`, { cause: error });
  }
}

function middlewareOf(exported: unknown, file: string): Middleware[] {
  const list: unknown[] = Array.isArray(exported) ? exported : [exported];
  return list.map((one) => {
    if (isMiddleware(one)) return one;
    throw new TaskLoadError(
      `the middleware ${file} must export as its default { enqueue, run }, or a list of such objects`,
    );
  });
}

function isMiddleware(value: unknown): value is Middleware {
  if (typeof value !== "object" || value === null) return false;
  const { enqueue, run } = value as Partial<Middleware>;
  return [enqueue, run].every((part) => part === undefined || typeof part === "function") && Boolean(enqueue ?? run);
}
