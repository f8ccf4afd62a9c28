import {
  type Duration,
  type Outcome,
  type RetryRequest,
  InvalidOptionError,
  JobAbortedError,
  RunEndedError,
  checkInteger,
  checkQueueName,
  maxPriority,
  minPriority,
  refuseUnknown,
  toJobError,
  toMs,
} from "@tandemq/core";
import type { Execution } from "./execution.js";
import { retryDelay } from "./retry-rules.js";

/** How a task itself asked for its run to end. */
export type RunRequest =
  | {
      readonly verb: "retry";
      readonly delay?: number;
      readonly queue?: string;
      readonly priority?: number;
      readonly error?: unknown;
    }
  | { readonly verb: "snooze"; readonly delay: number }
  | { readonly verb: "abort"; readonly reason: string };

/** `job.retry`. @throws InvalidOptionError, else RunEndedError */
export function askRetry(execution: Execution, request: RetryRequest = {}): never {
  refuseUnknown(request, ["delay", "queue", "priority", "error"], "job.retry");
  const { delay, queue, priority, error } = request;
  if (queue !== undefined) checkQueueName(queue, "job.retry: queue");
  if (priority !== undefined) checkInteger(priority, minPriority, maxPriority, "job.retry: priority");
  ask(execution, {
    verb: "retry",
    ...(delay === undefined ? {} : { delay: toMs(delay, "job.retry: delay") }),
    ...(queue === undefined || queue === execution.job.queue ? {} : { queue }),
    ...(priority === undefined ? {} : { priority }),
    ...(error === undefined ? {} : { error }),
  });
}

/** `job.snooze`. @throws InvalidOptionError, else RunEndedError */
export function askSnooze(execution: Execution, delay: Duration): never {
  ask(execution, { verb: "snooze", delay: toMs(delay, "job.snooze: delay") });
}

/** `job.abort`. @throws InvalidOptionError, else RunEndedError */
export function askAbort(execution: Execution, reason: string = "the task aborted its job"): never {
  if (typeof reason !== "string") throw new InvalidOptionError("job.abort: reason: expected a text");
  ask(execution, { verb: "abort", reason });
}

/** The first request holds; one that comes after the run was stopped for another reason comes too late. */
function ask(execution: Execution, request: RunRequest): never {
  const { stop, ended } = execution;
  if (!ended && (stop === undefined || stop === "stop")) execution.request ??= request;
  throw new RunEndedError(`the run of job ${execution.job.id} ends here: its task called job.${request.verb}`);
}

/** What becomes of a job whose task asked for this. */
export function requested(execution: Execution, request: RunRequest): Outcome {
  switch (request.verb) {
    case "abort":
      return { status: "abort", error: toJobError(new JobAbortedError(request.reason)) };
    case "snooze":
      return { status: "interrupt", delay: request.delay };
    case "retry":
      return askedAgain(execution, request);
  }
}

function askedAgain(execution: Execution, request: RunRequest & { verb: "retry" }): Outcome {
  const { attempt } = execution.job;
  const { attempts } = execution.settings;
  const { delay = retryDelay(execution, request.error), queue, priority, error } = request;
  if (attempt >= attempts) return { status: "maxretries", error: toJobError(noneLeft(attempt, attempts, error)) };
  return {
    status: "retry",
    delay,
    ...(error === undefined ? {} : { error: toJobError(error) }),
    ...(queue === undefined ? {} : { queue }),
    ...(priority === undefined ? {} : { priority }),
  };
}

function noneLeft(attempt: number, attempts: number, cause: unknown): Error {
  const message = `the task asked for another run, but attempt ${attempt} of ${attempts} was its last`;
  return Object.assign(new RunEndedError(message), cause === undefined ? {} : { cause });
}
