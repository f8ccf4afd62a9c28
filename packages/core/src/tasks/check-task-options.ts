import { InvalidOptionError } from "../errors/errors.js";
import { limitRules } from "../limits/limit.js";
import { maxPriority, minPriority } from "../model/job.js";
import { type Duration, toMs } from "../rules/duration.js";
import { unknownKeyMessage } from "../options/did-you-mean.js";
import { showValue } from "../options/show-value.js";
import { checkErrorRules } from "../rules/error-rule.js";
import type { BackoffFunction, BackoffOptions, TaskOptions } from "./task.js";
import type { StandardSchema } from "./standard-schema.js";

const known: readonly (keyof TaskOptions)[] = [
  "queue",
  "priority",
  "attempts",
  "backoff",
  "retryIf",
  "neverRetry",
  "timeout",
  "hardTimeout",
  "isolate",
  "keepResults",
  "keepFailures",
  "limit",
  "schema",
  "onFailed",
];

/**
 * Checks the options of a task, or of one job.
 *
 * @param name begins the error's sentence
 * @throws InvalidOptionError for the first option that is unknown or out of its range
 */
export function checkTaskOptions(options: TaskOptions, name: string): void {
  refuseUnknown(options, known, name);
  if (options.queue !== undefined) checkQueueName(options.queue, name);
  if (options.priority !== undefined) checkInteger(options.priority, minPriority, maxPriority, `${name}: priority`);
  if (options.attempts !== undefined) checkInteger(options.attempts, 1, 1000, `${name}: attempts`);
  if (options.backoff !== undefined) checkBackoff(options.backoff, `${name}: backoff`);
  if (options.retryIf !== undefined) checkErrorRules(options.retryIf, `${name}: retryIf`);
  if (options.neverRetry !== undefined) checkErrorRules(options.neverRetry, `${name}: neverRetry`);
  if (options.isolate !== undefined && typeof options.isolate !== "boolean") {
    throw new InvalidOptionError(`${name}: isolate: expected true or false, got ${showValue(options.isolate)}`);
  }
  checkDurations(options, ["timeout", "hardTimeout", "keepResults", "keepFailures"], name);
  limitRules(options.limit, `${name}: limit`);
  if (options.schema !== undefined) checkSchema(options.schema, name);
  if (options.onFailed !== undefined && typeof options.onFailed !== "function") {
    throw new InvalidOptionError(`${name}: onFailed: expected a function, got ${typeof options.onFailed}`);
  }
}

/** Schemas of some libraries are functions. */
function checkSchema(schema: unknown, name: string): void {
  const standard = (schema as Partial<StandardSchema> | null)?.["~standard"];
  if (standard?.version === 1 && typeof standard.validate === "function") return;
  throw new InvalidOptionError(
    `${name}: schema: expected a schema that speaks Standard Schema (zod, valibot, arktype)`,
  );
}

const queueName = /^[A-Za-z0-9_][A-Za-z0-9_.:/-]*$/;

function isTree(queue: unknown): boolean {
  return typeof queue === "string" && queue.length <= 100 && queue.endsWith("/") && queueName.test(queue);
}

/** @throws InvalidOptionError when the name cannot be a queue's */
export function checkQueueName(queue: unknown, name: string): void {
  if (typeof queue === "string" && queue.length <= 100 && queueName.test(queue) && !queue.endsWith("/")) return;
  if (isTree(queue)) {
    throw new InvalidOptionError(`${name}: ${JSON.stringify(queue)} is a tree of queues: name one of the queues in it`);
  }
  throw new InvalidOptionError(
    `${name}: ${showValue(queue)} is not a queue name: use letters, digits and . _ - : / (at most 100 characters)`,
  );
}

function checkBackoff(backoff: BackoffOptions | BackoffFunction, name: string): void {
  if (typeof backoff === "function") return;
  refuseUnknown(backoff, ["type", "delay", "max", "jitter"], name);
  if (backoff.type !== undefined && !["fixed", "linear", "exponential"].includes(backoff.type)) {
    throw new InvalidOptionError(`${name}.type: expected fixed, linear or exponential, got ${showValue(backoff.type)}`);
  }
  checkDurations(backoff, ["delay", "max"], name);
  const { jitter } = backoff;
  if (jitter !== undefined && !(typeof jitter === "number" && jitter >= 0 && jitter <= 1)) {
    throw new InvalidOptionError(`${name}.jitter: expected a number from 0 to 1, got ${showValue(jitter)}`);
  }
}

function checkDurations<K extends string>(
  options: { readonly [key in K]?: Duration },
  keys: readonly K[],
  name: string,
) {
  for (const key of keys) {
    const value = options[key];
    if (value !== undefined) toMs(value, `${name}: ${key}`);
  }
}

/** @throws InvalidOptionError unless `value` is a whole number from `min` to `max` */
export function checkInteger(value: unknown, min: number, max: number, name: string): void {
  if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max) return;
  throw new InvalidOptionError(`${name}: expected a whole number from ${min} to ${max}, got ${showValue(value)}`);
}

/** @throws InvalidOptionError for what is no object of options; naming an unknown key and the nearest known one */
export function refuseUnknown(options: object, allowed: readonly string[], name: string): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new InvalidOptionError(`${name}: expected an object of options, got ${showValue(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) throw new InvalidOptionError(`${name}: ${unknownKeyMessage(key, allowed)}`);
  }
}
