import { pathToFileURL } from "node:url";
import {
  type JsonObject,
  type TaskFunction,
  TaskLoadError,
  type TaskOptions,
  hasComputedKey,
  isTask,
  isTaskPath,
  limitRules,
  loadMiddleware,
  withTaskRules,
} from "@tandemq/core";
import type { LoadedTask } from "../executor/execution.js";
import { layeredRun } from "../executor/layered-run.js";
import { retryRules } from "../executor/retry-rules.js";
import { taskSettings } from "../executor/run-settings.js";
import type { TaskSetup } from "../pools/task-files.js";
import { canonicalModule } from "./canonical-module.js";
import { findTaskFiles } from "./find-task-files.js";
import { TaskRegistry } from "./task-registry.js";

/** An import that takes longer is given up, milliseconds. */
const importLimit = 60_000;

/**
 * Imports the modules that the globs name, and no others, and registers their own exports: tasks made by `defineTask`
 * by their path, other functions by the canonical path `module#export`. A file whose import throws becomes a fault.
 *
 * @throws TaskLoadError naming both files when two tasks have the same path
 */
export async function loadTasks(
  patterns: readonly string[],
  cwd: string,
  setup: TaskSetup = {},
): Promise<TaskRegistry> {
  return importTasks(await findTaskFiles(patterns, cwd), cwd, setup);
}

/**
 * @param onFile called before each import: whoever watches knows which file ended the process
 */
export async function importTasks(
  files: readonly string[],
  cwd: string,
  setup: TaskSetup = {},
  onFile: (file: string) => void = () => {},
): Promise<TaskRegistry> {
  const registry = new TaskRegistry(cwd, setup.rules, await loadMiddleware(setup.middleware ?? []));
  for (const file of files) {
    onFile(file);
    const exported = await importFile(file, registry);
    for (const [name, value] of exported) {
      const task = taskOf(`${canonicalModule(file, cwd)}#${name}`, value, registry);
      if (task) registry.add(task, value, file);
    }
  }
  return registry;
}

async function importFile(file: string, registry: TaskRegistry): Promise<[string, unknown][]> {
  try {
    const module = await limited(import(pathToFileURL(file).href) as Promise<object>);
    return Object.entries(module);
  } catch (error) {
    registry.faults.push({ file, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    return [];
  }
}

async function limited<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TaskLoadError(`the import took longer than ${importLimit / 1000} s`)),
      importLimit,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** The task that is exported under this path, if it is one. */
function taskOf(exported: string, value: unknown, registry: TaskRegistry): LoadedTask | undefined {
  if (isTask(value)) return loadedTask(value.path, value.run, value.options, registry);
  if (typeof value !== "function" || isClass(value) || !isTaskPath(exported)) return undefined;
  return loadedTask(exported, value as TaskFunction<JsonObject, unknown>, {}, registry);
}

/** A task with what the configuration says for its path, and what stands around its runs. */
function loadedTask(path: string, run: LoadedTask["run"], own: TaskOptions, registry: TaskRegistry): LoadedTask {
  const options = withTaskRules(path, own, registry.rules);
  const limits = limitRules(own.limit, `task ${path}: limit`);
  const rules = retryRules(options);
  return {
    ...{ path, run: layeredRun(path, run, own.schema, registry.middleware), settings: taskSettings(options) },
    ...(hasComputedKey(limits) ? { limits } : {}),
    ...(rules ? { rules } : {}),
    ...(own.onFailed ? { onFailed: own.onFailed } : {}),
  };
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
