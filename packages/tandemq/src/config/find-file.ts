import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError } from "@tandemq/core";

/** Looked for in this order, in the working directory and then in each folder above it. */
export const configFiles = [
  "tandemq.config.js",
  "tandemq.config.mjs",
  "tandemq.config.cjs",
  "tandemq.config.json",
] as const;

/** The configuration files of a folder, or of the first one above it that has some: the first of them is in force. */
export async function findConfigFiles(folder: string): Promise<readonly string[]> {
  const files = configFiles.map((name) => join(folder, name));
  const there = await Promise.all(files.map(isFile));
  const found = files.filter((_, i) => there[i]);
  const above = dirname(folder);
  return found.length > 0 || above === folder ? found : findConfigFiles(above);
}

/**
 * What a configuration file exports by default.
 *
 * @throws ConfigError when it cannot be read or run
 */
export async function readConfigFile(file: string): Promise<unknown> {
  const path = resolve(file);
  try {
    if (!(await stat(path)).isFile()) throw new Error("it is no file");
    if (!/\.(js|mjs|cjs|json)$/.test(path)) throw new Error("expected a .js, .mjs, .cjs or .json file");
    if (path.endsWith(".json")) return JSON.parse(await readFile(path, "utf8"));
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return module.default;
  } catch (error) {
    throw new ConfigError(file, [{ path: "", message: `cannot be read: ${reasonOf(error)}` }]);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  return code === "EACCES" ? "this user has no right to read it" : error.message;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
