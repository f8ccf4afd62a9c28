import {
  type FailureStatus,
  type JobError,
  type Outcome,
  JobTimeoutError,
  backoffDelay,
  checkResult,
  toJobError,
} from "@tandemq/core";
import type { Execution } from "./execution.js";
import type { RunSettings } from "./run-settings.js";

/** What a run came to: a value, or something thrown. */
export type Ending = { readonly value: unknown } | { readonly thrown: unknown };

/** Fifth step: from an ending to an outcome. `undefined`: there is nothing to settle. */
export function classify(execution: Execution, ending: Ending): Outcome | undefined {
  const { stop, settings, job } = execution;
  if (stop === "lost") return undefined;
  if (stop === "stop") return { status: "interrupt" };
  if (stop === "timeout") return timedOut(settings, job.attempt);
  return "thrown" in ending ? failed(settings, job.attempt, ending.thrown) : succeeded(ending.value);
}

/** A run whose timeout was over, even if its task swallowed the abort and returned later. */
export function timedOut(settings: RunSettings, attempt: number): Outcome {
  return again(settings, attempt, toJobError(new JobTimeoutError(settings.timeout)), "timeout");
}

/** A job that cannot run at all: no task, malformed params. Trying again would not help. */
export function refused(thrown: unknown): Outcome {
  return { status: "failed", error: toJobError(thrown) };
}

function succeeded(value: unknown): Outcome {
  try {
    const result = checkResult(value);
    return result === undefined ? { status: "success" } : { status: "success", result };
  } catch (error) {
    return refused(error);
  }
}

function failed(settings: RunSettings, attempt: number, thrown: unknown): Outcome {
  return again(settings, attempt, toJobError(thrown), "failed");
}

/** Attempts left: try again. None left: `maxretries` where there were several, else `once`. */
function again(settings: RunSettings, attempt: number, error: JobError, once: FailureStatus): Outcome {
  if (attempt < settings.attempts) return { status: "retry", delay: backoffDelay(settings.backoff, attempt), error };
  return { status: settings.attempts > 1 ? "maxretries" : once, error };
}
