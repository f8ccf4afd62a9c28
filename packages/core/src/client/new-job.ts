import { InvalidOptionError } from "../errors/errors.js";
import { hasComputedKey, limitKeys, limitRules } from "../limits/limit.js";
import type { NewJob } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import { newJobId } from "../model/job-id.js";
import { showValue } from "../options/show-value.js";
import { encodeParams } from "../rules/encode-params.js";
import { isTask } from "../tasks/define-task.js";
import type { Task } from "../tasks/task.js";
import { validateParams } from "../tasks/validate-params.js";
import { assertTaskPath } from "../tasks/task-path.js";
import { type TaskRules, withTaskRules } from "../tasks/task-rules.js";
import { keyOf } from "./key-options.js";
import { checkEnqueueOptions, dueOf, type EnqueueOptions, settingsOf, startByOf } from "./enqueue-options.js";

/** Queue of a job for which neither the producer nor the task names one. */
export const defaultQueue = "default";

/** A task, as its definition or by its path. */
export type TaskName = Pick<Task, "path" | "options"> | string;

/**
 * A job as brokers take it.
 *
 * @param maxBytes largest size of the params as JSON
 * @param rules what the configuration says of tasks
 * @throws InvalidOptionError, InvalidParamsError
 */
export function makeNewJob(
  task: TaskName,
  params: unknown,
  options: EnqueueOptions,
  maxBytes?: number,
  rules?: TaskRules,
): NewJob {
  return newJobMaker(task, options, maxBytes, rules)(params);
}

/**
 * Makes jobs that are alike but for their params: task and options are checked once.
 *
 * @throws InvalidOptionError; the maker throws InvalidParamsError
 */
export function newJobMaker(
  task: TaskName,
  options: EnqueueOptions,
  maxBytes?: number,
  rules?: TaskRules,
): (params: unknown) => NewJob {
  const { path, own } = typeof task === "string" ? { path: task, own: {} } : readTask(task);
  const defaults = rules ? withTaskRules(path, own, rules) : own;
  assertTaskPath(path);
  checkEnqueueOptions(options);
  const key = keyOf(options.key);
  const settings = settingsOf(options);
  const startBy = startByOf(options);
  const alike = {
    path,
    queue: options.queue ?? defaults.queue ?? defaultQueue,
    priority: options.priority ?? defaults.priority ?? 0,
    due: dueOf(options),
    ...(key ? { key } : {}),
    ...(options.onDuplicate && options.onDuplicate !== "keep" ? { onDuplicate: options.onDuplicate } : {}),
    ...(settings ? { settings } : {}),
    ...(startBy ? { startBy } : {}),
    ...(options.score === undefined ? {} : { score: options.score }),
    ...(options.tags ? { tags: options.tags } : {}),
    ...(options.parent === undefined ? {} : { parent: options.parent }),
    ...(options.parent !== undefined && options.id !== undefined ? { idChosen: true } : {}),
    ...(options.meta ? { meta: options.meta } : {}),
    ...(options.id === undefined ? {} : { seen: true as const }),
  };
  const limits = limitRules(defaults.limit, `task ${path}: limit`);
  const make = (params: unknown) => ({
    id: options.id ?? newJobId(),
    params: encodeParams(params, maxBytes),
    ...alike,
  });
  if (!hasComputedKey(limits)) return make;
  // Computed where the task's code is, so that workers need not run it to know.
  return (params) => {
    const job = make(params);
    return { ...job, settings: { ...settings, limitKeys: limitKeys(limits, params as JsonObject) } };
  };
}

/**
 * Checks params by the task's schema; of a task that is named by its path, only its worker has the schema.
 *
 * @throws InvalidParamsError naming the path of the culprit; a rejection where the schema works asynchronously
 */
export function checkBySchema(task: TaskName, params: unknown): unknown {
  const schema = typeof task === "string" ? undefined : task?.options?.schema;
  return schema && validateParams(schema, params, `task ${(task as Task).path}`);
}

/** Whether {@link checkBySchema} has anything to do. */
export function hasSchema(task: TaskName): boolean {
  return typeof task !== "string" && task?.options?.schema !== undefined;
}

function readTask(task: Pick<Task, "path" | "options">): {
  path: string;
  own: Task["options"];
} {
  if (typeof task?.path !== "string") {
    throw new InvalidOptionError(`enqueue: expected a task made by defineTask, or its path, got ${showValue(task)}`);
  }
  return { path: task.path, own: isTask(task) ? task.options : {} };
}
