import {
  type FailureStatus,
  type JobError,
  type Outcome,
  JobAbortedError,
  JobTimeoutError,
  backoffDelay,
  checkResult,
  toJobError,
} from "@tandemq/core";
import { isRefusal } from "./checked-params.js";
import type { Execution } from "./execution.js";
import { mayRetry, retryDelay } from "./retry-rules.js";
import { requested } from "./run-request.js";
import { type RunSettings, softLimit } from "./run-settings.js";

/** What a run came to: a value, or something thrown. */
export type Ending = { readonly value: unknown } | { readonly thrown: unknown };

/** Fifth step: from an ending to an outcome. `undefined`: there is nothing to settle. */
export function classify(execution: Execution, ending: Ending): Outcome | undefined {
  const { completed, stop } = execution;
  if (!completed || stop === "lost") return outcomeOf(execution, ending);
  const isSilent = stop === undefined && !("thrown" in ending);
  const otherwise = outcomeOf(execution, isSilent ? { thrown: notCommitted() } : ending);
  return { status: "success", ...completed, ...(otherwise ? { otherwise } : {}) };
}

function notCommitted(): Error {
  return new JobAbortedError("the transaction in which the job was completed did not commit");
}

function outcomeOf(execution: Execution, ending: Ending): Outcome | undefined {
  const { stop, request } = execution;
  if (stop === "lost") return undefined;
  if (stop === "cancel") return cancelled;
  if (request) return requested(execution, request);
  if (stop === "stop") return { status: "interrupt" };
  if (stop === "timeout") return again(execution, timeoutOf(execution), "timeout");
  if ("thrown" in ending && isRefusal(ending.thrown)) return refused(ending.thrown);
  return "thrown" in ending ? again(execution, ending.thrown, "failed") : succeeded(ending.value);
}

/** A job that was cancelled while it ran. */
export const cancelled: Outcome = {
  status: "cancel",
  error: withoutStack(toJobError(new JobAbortedError("the job was cancelled"))),
};

/** A run whose hard limit was over, as its supervisor can tell: it has none of the task's code. */
export function timedOut(settings: RunSettings, attempt: number): Outcome {
  const error = toJobError(new JobTimeoutError(settings.hardTimeout ?? settings.timeout));
  const left = settings.oneTimeout === true ? "none" : attempt < settings.attempts ? "some" : "last";
  if (left === "some") return { status: "retry", delay: backoffDelay(settings.backoff, attempt), error };
  return { status: left === "last" ? lastStatus(settings, "timeout") : "timeout", error };
}

/** A job that cannot run at all: no task, malformed params. Trying again would not help. */
export function refused(thrown: unknown): Outcome {
  return { status: "failed", error: toJobError(thrown) };
}

function timeoutOf({ settings, hard }: Execution): JobTimeoutError {
  return new JobTimeoutError(hard ? (settings.hardTimeout ?? settings.timeout) : softLimit(settings));
}

function succeeded(value: unknown): Outcome {
  try {
    const result = checkResult(value);
    return result === undefined ? { status: "success" } : { status: "success", result };
  } catch (error) {
    return refused(error);
  }
}

/** Attempts left, and a rule allows it: try again. None left: `maxretries` where there were several, else `once`. */
function again(execution: Execution, thrown: unknown, once: FailureStatus): Outcome {
  const { settings, job } = execution;
  const error = toJobError(thrown);
  if (!mayRetry(execution, thrown)) return { status: once, error };
  if (job.attempt < settings.attempts) return { status: "retry", delay: retryDelay(execution, thrown), error };
  return { status: lastStatus(settings, once), error };
}

function lastStatus({ attempts }: RunSettings, once: FailureStatus): FailureStatus {
  return attempts > 1 ? "maxretries" : once;
}

function withoutStack({ stack: _, ...error }: JobError): JobError {
  return error;
}
