import { InvalidOptionError } from "../errors/errors.js";
import type { JsonObject } from "../model/json.js";
import { type Duration, toMs } from "../rules/duration.js";
import { Batches } from "./batches.js";
import { checkInteger } from "./check-task-options.js";
import { defineTask } from "./define-task.js";
import type { JobContext } from "./job-context.js";
import type { InputOf, OutputOf, StandardSchema } from "./standard-schema.js";
import type { Task, TaskOptions } from "./task.js";

/** A job that waits for others runs all the while, within its timeout. Milliseconds. */
const longestWait = 3_600_000;

/** One job of a batch. */
export interface BatchJob<P extends object> {
  readonly params: P;
  readonly job: JobContext;
}

/** Gets several jobs at once; returns a result or an `Error` for each, in their order. What it throws is the error of all. */
export type BatchFunction<P extends object, R> = (
  jobs: readonly BatchJob<P>[],
) => Promise<readonly (R | Error)[]> | readonly (R | Error)[];

export interface BatchOptions<P extends object = JsonObject> extends TaskOptions<P> {
  /** Most jobs in one call. A batch is never larger than the concurrency of one process. Default: 100. */
  readonly size?: number;
  /** How long the first job of a batch waits for others; at most 1 hour. Default: 50 ms. */
  readonly wait?: Duration;
}

/**
 * Defines a task whose function gets up to `size` jobs in one call. Each job is settled for itself: by its own result or
 * error, with its own attempts, timeout and history.
 *
 * @throws InvalidOptionError when the path or an option is out of its range
 */
export function defineBatchTask<S extends StandardSchema<object, object>, R>(
  path: string,
  run: BatchFunction<OutputOf<S> & object, R>,
  options: BatchOptions<InputOf<S> & object> & { readonly schema: S },
): Task<InputOf<S> & object, R, OutputOf<S> & object>;
export function defineBatchTask<P extends object = JsonObject, R = unknown>(
  path: string,
  run: BatchFunction<P, R>,
  options?: BatchOptions<NoInfer<P>>,
): Task<P, R>;
export function defineBatchTask(
  path: string,
  run: BatchFunction<JsonObject, unknown>,
  { size = 100, wait = 50, ...options }: BatchOptions = {},
): Task {
  if (typeof run !== "function") throw new InvalidOptionError(`task ${path}: expected a function, got ${typeof run}`);
  checkInteger(size, 1, 10_000, `task ${path}: size`);
  const waitMs = toMs(wait, `task ${path}: wait`);
  if (waitMs > longestWait)
    throw new InvalidOptionError(`task ${path}: wait: expected at most 1 hour, got ${waitMs} ms`);
  const batches = new Batches(run, size, waitMs);
  return defineTask(path, (params, job) => batches.add({ params, job }), options);
}
