import { setTimeout as pause } from "node:timers/promises";
import { type Outcome, endsJob, isSuccess } from "@tandemq/core";
import { runInJob } from "../current-job.js";
import type { Execution } from "./execution.js";

/** Milliseconds that a task's `onFailed` may take. */
const limit = 5_000;

/** Calls the task's `onFailed` when the job has failed for good; resolves when it is over. `undefined`: it has none. */
export function failureHook({ task, context }: Execution, outcome: Outcome | undefined): Promise<void> | undefined {
  const onFailed = task?.onFailed;
  if (!onFailed || !context || !outcome || !endsJob(outcome) || isSuccess(outcome)) return undefined;
  if (outcome.status === "cancel") return undefined;
  const stop = new AbortController();
  const called = runInJob(context, async () => onFailed(outcome.error, context)).catch((error: unknown) =>
    context.log.error("onFailed failed", error instanceof Error ? error : { error: String(error) }),
  );
  const late = pause(limit, undefined, { signal: stop.signal }).then(
    () => context.log.warn(`onFailed is not waited for any longer: it took more than ${limit} ms`),
    () => undefined,
  );
  return Promise.race([called.then(() => stop.abort()), late]);
}
