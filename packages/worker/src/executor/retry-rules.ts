import {
  type BackoffFunction,
  type ErrorRule,
  type TaskOptions,
  JobTimeoutError,
  backoffDelay,
  defaultBackoff,
  isMeant,
  plainRules,
  toMs,
} from "@tandemq/core";
import type { Execution } from "./execution.js";

/** The options of a task about retries that are code, or may be: they never leave the process that runs it. */
export interface RetryRules {
  readonly backoff?: BackoffFunction;
  readonly retryIf?: ErrorRule | readonly ErrorRule[];
  readonly neverRetry?: ErrorRule | readonly ErrorRule[];
}

/** The rules of a task, or `undefined` when it has none. */
export function retryRules({ backoff, retryIf, neverRetry }: TaskOptions): RetryRules | undefined {
  if (typeof backoff !== "function" && retryIf === undefined && neverRetry === undefined) return undefined;
  return {
    ...(typeof backoff === "function" ? { backoff } : {}),
    ...(retryIf === undefined ? {} : { retryIf }),
    ...(neverRetry === undefined ? {} : { neverRetry }),
  };
}

/** Whether a run that ended with this error may be followed by another. A rule that throws is told of and forbids nothing. */
export function mayRetry({ task, context }: Execution, thrown: unknown): boolean {
  const { retryIf, neverRetry } = task?.rules ?? {};
  try {
    if (neverRetry !== undefined && isMeant(neverRetry, thrown)) return false;
    return retryIf === undefined || isMeant(retryIf, thrown);
  } catch (error) {
    context?.log.warn("a rule of retryIf or neverRetry threw: the job is tried again", { err: error });
    return true;
  }
}

/** Milliseconds until the next attempt. A back-off function that throws, or returns no duration, is told of. */
export function retryDelay({ job, settings, task, context }: Execution, thrown: unknown): number {
  const own = job.settings.backoff ? undefined : task?.rules?.backoff;
  if (!own) return backoffDelay(settings.backoff, job.attempt);
  try {
    return toMs(own(job.attempt, thrown), "the back-off function's answer");
  } catch (error) {
    context?.log.warn("the back-off function failed: the default is used", { err: error });
    return backoffDelay(defaultBackoff, job.attempt);
  }
}

/** Whether these rules, as far as they can be asked without calling code, forbid another run after a timeout. */
export function forbidsAfterTimeout({ retryIf, neverRetry }: TaskOptions): boolean {
  const timeout = new JobTimeoutError(0);
  if (neverRetry !== undefined && isMeant(plainRules(neverRetry), timeout)) return true;
  if (retryIf === undefined) return false;
  const plain = plainRules(retryIf);
  return plain.length === (Array.isArray(retryIf) ? retryIf.length : 1) && !isMeant(plain, timeout);
}
