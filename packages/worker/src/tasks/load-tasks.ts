import { pathToFileURL } from "node:url";
import { type Task, type TaskFunction, type JsonObject, TaskLoadError, isTask, isTaskPath } from "@tandemq/core";
import { taskSettings } from "../executor/run-settings.js";
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
export async function loadTasks(patterns: readonly string[], cwd: string): Promise<TaskRegistry> {
  return importTasks(await findTaskFiles(patterns, cwd), cwd);
}

/** @param onFile called before each import: whoever watches knows which file ended the process */
export async function importTasks(
  files: readonly string[],
  cwd: string,
  onFile: (file: string) => void = () => {},
): Promise<TaskRegistry> {
  const registry = new TaskRegistry(cwd);
  for (const file of files) {
    onFile(file);
    const exported = await importFile(file, registry);
    for (const [name, value] of exported) register(registry, file, name, value, cwd);
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

function register(registry: TaskRegistry, file: string, name: string, value: unknown, cwd: string): void {
  if (isTask(value)) return registry.add(fromTask(value), value, file);
  const path = `${canonicalModule(file, cwd)}#${name}`;
  if (typeof value !== "function" || isClass(value) || !isTaskPath(path)) return;
  registry.add({ path, run: value as TaskFunction<JsonObject, unknown>, settings: {} }, value, file);
}

function fromTask(task: Task): { path: string; run: Task["run"]; settings: ReturnType<typeof taskSettings> } {
  return { path: task.path, run: task.run, settings: taskSettings(task.options) };
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
