import { setTimeout as pause } from "node:timers/promises";
import { type FailureOutcome, type Outcome, type TaskOptions, endsJob, isSuccess } from "@tandemq/core";
import { runInJob } from "../current-job.js";
import type { RunContext } from "./run-context.js";

/** Milliseconds that a task's `onFailed` may take. */
export const hookLimit = 5_000;

/** Whether the job is over with this outcome, and without success. */
export function isFailure(outcome: Outcome): outcome is FailureOutcome {
  return endsJob(outcome) && !isSuccess(outcome);
}

/** Calls a task's `onFailed`; resolves when it is over, or has taken too long. What it throws is logged. */
export async function callOnFailed(
  onFailed: NonNullable<TaskOptions["onFailed"]>,
  { error, status }: FailureOutcome,
  context: RunContext,
): Promise<void> {
  const over = new AbortController();
  const late = pause(hookLimit, undefined, { signal: over.signal }).then(
    () => context.log.warn(`onFailed is not waited for any longer: it took more than ${hookLimit} ms`),
    () => undefined,
  );
  const called = runInJob(context, async () => onFailed(error, context, status)).catch((thrown: unknown) =>
    context.log.error("onFailed failed", thrown instanceof Error ? thrown : { error: String(thrown) }),
  );
  await Promise.race([called.then(() => over.abort()), late]);
}
