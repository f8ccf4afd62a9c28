import { InvalidOptionError } from "../errors/errors.js";
import type { JobRef } from "../model/job.js";
import { showValue } from "../options/show-value.js";
import { checkQueueName } from "../tasks/check-task-options.js";

/** @throws InvalidOptionError unless it is a list of jobs, or of their ids and queues */
export function checkRefs(refs: unknown, name: string): asserts refs is readonly JobRef[] {
  if (!Array.isArray(refs)) throw new InvalidOptionError(`${name}: expected a list of jobs, got ${showValue(refs)}`);
  for (const ref of refs as readonly (Partial<JobRef> | null)[]) {
    if (typeof ref?.id === "string" && typeof ref.queue === "string") continue;
    throw new InvalidOptionError(`${name}: expected jobs, or { id, queue } for each, got ${showValue(ref)}`);
  }
}

/** @throws InvalidOptionError unless it can be a queue's name, or a tree's such as `crawl/` */
export function checkQueueOrTree(queue: unknown, name: string): void {
  checkQueueName(typeof queue === "string" ? queue.replace(/\/$/, "") : queue, name);
}

/** @throws InvalidOptionError unless it is a list of names as {@link checkQueueOrTree} takes them, or of patterns such as `crawl/*` */
export function checkQueues(queues: unknown): void {
  if (!Array.isArray(queues)) {
    throw new InvalidOptionError(`queues: expected a list of queues, got ${showValue(queues)}`);
  }
  for (const queue of queues) checkQueueOrTree(typeof queue === "string" ? queue.replace(/\*$/, "") : queue, "queues");
}

/** @throws InvalidOptionError unless there is none, or it is an `AbortSignal`, of this realm or another one */
export function checkSignal(signal: unknown, name: string): void {
  const one = signal as Partial<AbortSignal> | undefined | null;
  if (signal === undefined || typeof one?.addEventListener === "function") return;
  throw new InvalidOptionError(`${name}: signal: expected an AbortSignal, got ${showValue(signal)}`);
}

/** @throws InvalidOptionError unless it is left out, true or false */
export function checkFlag(value: unknown, name: string): void {
  if (value === undefined || typeof value === "boolean") return;
  throw new InvalidOptionError(`${name}: expected true or false, got ${showValue(value)}`);
}
