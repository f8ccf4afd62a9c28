import type { JsonObject } from "../model/json.js";
import { InvalidOptionError } from "../errors/errors.js";
import { checkTaskOptions } from "./check-task-options.js";
import { assertTaskPath } from "./task-path.js";
import type { InputOf, OutputOf, StandardSchema } from "./standard-schema.js";
import type { Task, TaskFunction, TaskOptions } from "./task.js";

const mark: unique symbol = Symbol.for("tandemq.task");

/**
 * Defines a task: a function with a name. Export it from a module that the `tasks` globs of the configuration name,
 * and enqueue it with `client.enqueue(task, params)`, or by its path from a program that does not have the code.
 *
 * @param path the task's name for ever: jobs that wait are found by it
 * @throws InvalidOptionError when the path or an option is out of its range
 */
export function defineTask<S extends StandardSchema<object, object>, R>(
  path: string,
  run: TaskFunction<OutputOf<S> & object, R>,
  options: TaskOptions<InputOf<S> & object> & { readonly schema: S },
): Task<InputOf<S> & object, R, OutputOf<S> & object>;
export function defineTask<P extends object = JsonObject, R = unknown>(
  path: string,
  run: TaskFunction<P, R>,
  options?: TaskOptions<NoInfer<P>>,
): Task<P, R>;
export function defineTask(path: string, run: TaskFunction<JsonObject, unknown>, options: TaskOptions = {}): Task {
  assertTaskPath(path);
  if (typeof run !== "function") throw new InvalidOptionError(`task ${path}: expected a function, got ${typeof run}`);
  checkTaskOptions(options, `task ${path}`);
  return Object.freeze({
    [mark]: true,
    path,
    run,
    options: Object.freeze({ ...options }),
  });
}

/** Whether a value was made by `defineTask`, of this copy of the package or another one. */
export function isTask(value: unknown): value is Task {
  return typeof value === "object" && value !== null && Object.hasOwn(value, mark);
}
