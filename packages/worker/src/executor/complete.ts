import {
  checkResult,
  type Complete,
  type Completion,
  InvalidOptionError,
  JobAbortedError,
  NotSupportedError,
} from "@tandemq/core";
import type { TransactionSession } from "@tandemq/core";
import type { Execution } from "./execution.js";

const loaded = new Map<string, Promise<Complete>>();

/**
 * Writes the run's success into the transaction of its task.
 *
 * @throws NotSupportedError, InvalidOptionError, InvalidResultError; JobAbortedError when the job is lost
 */
export async function completeRun(
  execution: Execution,
  completion: Completion | undefined,
  session: TransactionSession,
  value: unknown,
): Promise<void> {
  const { job, task } = execution;
  const { id, queue, token } = job;
  if (!completion || token === undefined) {
    throw new NotSupportedError(
      `job.complete: jobs of queue "${queue}" cannot end within a transaction: only those of regular queues can, and none where the configuration has a codec`,
    );
  }
  if (execution.ended) throw new InvalidOptionError("job.complete: the run is over");
  const result = checkResult(value);
  const keep = task?.settings.keepResults;
  const success = { ...(result === undefined ? {} : { result }), ...(keep === undefined ? {} : { keep }) };
  const complete = await load(completion.module);
  const isHeld = await complete(session, { id, queue, token }, success, completion.options);
  if (!isHeld) throw new JobAbortedError(`job ${id} is lost: another delivery, or an end by somebody else, came first`);
  execution.completed = result === undefined ? {} : { result };
}

function load(module: string): Promise<Complete> {
  const known = loaded.get(module) ?? import(module).then(({ complete }: { complete: Complete }) => complete);
  loaded.set(module, known);
  return known;
}
