import { setTimeout as pause } from "node:timers/promises";
import { NotIdleError } from "../errors/errors.js";
import type { Broker } from "../ports/broker.js";
import type { QueueLook } from "../ports/deployment.js";
import { refuseUnknown } from "../tasks/check-task-options.js";
import { hasLimitedWork } from "../rules/limited-work.js";
import { type Duration, toMs } from "../rules/duration.js";

export interface UntilIdleOptions {
  /** Default: no end. */
  readonly timeout?: Duration;
}

/** Milliseconds between two looks, growing from the one to the other. */
const between = { first: 20, last: 500 };

/** Queues that are looked at side by side. */
const atOnce = 20;

/**
 * Resolves when in none of the queues anything is due or runs. Jobs that wait for a time to come are no work yet, but for
 * those that a limit holds back for at most a minute.
 *
 * @param look tells the queues, asked anew each time
 */
export async function untilIdle(look: () => Promise<readonly QueueLook[]>, options: UntilIdleOptions): Promise<void> {
  refuseUnknown(options, ["timeout"], "untilIdle");
  const timeout =
    options.timeout === undefined ? Number.POSITIVE_INFINITY : toMs(options.timeout, "untilIdle: timeout");
  const end = performance.now() + timeout;
  for (let wait = between.first; await isBusy(await look()); wait = Math.min(2 * wait, between.last)) {
    const left = end - performance.now();
    if (left <= 0) throw new NotIdleError(timeout);
    await pause(Math.min(wait, left));
  }
}

async function isBusy(looks: readonly QueueLook[]): Promise<boolean> {
  const brokers = [...new Set(looks.map(({ broker }) => broker))];
  const busy = brokers.map((broker) =>
    isBrokerBusy(
      broker,
      looks.filter((one) => one.broker === broker).map(({ queue }) => queue),
    ),
  );
  return (await Promise.all(busy)).includes(true);
}

async function isBrokerBusy(broker: Broker, queues: readonly string[]): Promise<boolean> {
  const counts = [...(await broker.counts(queues))];
  if (counts.some(([, { started }]) => started > 0)) return true;
  const waiting = counts.filter(([, { queued, retry, interrupt }]) => queued + retry + interrupt > 0);
  if (waiting.length === 0) return false;
  const now = await broker.now();
  // One that is due is enough: of thousands of queues most need no look.
  for (let i = 0; i < waiting.length; i += atOnce) {
    const some = waiting.slice(i, i + atOnce);
    const heads = await Promise.all(some.map(([queue]) => broker.find({ queue, order: "head", limit: 1 })));
    if (heads.flat().some(({ due }) => due !== undefined && due.getTime() <= now)) return true;
  }
  const names = waiting.map(([queue]) => queue);
  if (await hasLimitedWork(broker, names)) return true;
  // A head that was claimed between the two looks hides what is due behind it: only what stands still is idle.
  const after = await broker.counts(names);
  return waiting.some(([queue, before]) => JSON.stringify(after.get(queue)) !== JSON.stringify(before));
}
