import {
  type Broker,
  type Deployment,
  InvalidOptionError,
  NotSupportedError,
  type QueueLook,
  type QueueMode,
  QueueUnknownError,
} from "@tandemq/core";
import { settled } from "./settled.js";
import { moveAll, type MoveReport } from "./move-all.js";

export interface MigrateOptions {
  /** Default: the configured mode. */
  readonly to?: QueueMode;
  /** How long running jobs may take to end, ms. Default: one minute. */
  readonly timeout?: number;
  readonly onProgress?: (moved: number, found: number) => void;
}

export interface MigrateReport extends MoveReport {
  readonly from: QueueMode;
  readonly to: QueueMode;
}

/**
 * Gives a queue another mode and takes its waiting jobs along. The queue is paused, what runs may end, jobs are moved,
 * the new mode is recorded, the queue goes on. Done again after a death at any step it goes on where it was, and done
 * again later it brings what programs with the old configuration have added since. Finished jobs stay where they are.
 *
 * @throws QueueUnknownError, InvalidOptionError, NotSupportedError; when jobs still run after the timeout, nothing is
 * changed
 */
export async function migrateQueue(
  deployment: Deployment,
  name: string,
  options: MigrateOptions = {},
): Promise<MigrateReport> {
  const look = await lookFor(deployment, name);
  const to = options.to ?? look.configured;
  if (!to) throw new InvalidOptionError(`queue "${name}" has no mode in the configuration: say which it gets`);
  assertHolds(look, to);
  const target = await deployment.broker(to);
  if (!target) throw new NotSupportedError(`a ${to} queue needs a store that is not configured`);
  const report = (moved: MoveReport) => ({ from: look.mode, to, ...moved });
  if (look.mode === to) return report(await gather(deployment, look, target, options));
  const paused = (await look.broker.paused()).includes(name);
  await look.broker.pause(name);
  try {
    await settled(look, to, options.timeout ?? 60_000);
    const moved = await moveTo(look, to, target, options);
    await record(deployment, { name, mode: to, kind: look.kind });
    if (paused) await target.pause(name);
    return report(moved);
  } finally {
    if (!paused) await look.broker.resume(name);
  }
}

async function lookFor(deployment: Deployment, name: string): Promise<QueueLook> {
  const [look] = await deployment.look([name]);
  if (!look) throw new QueueUnknownError(`queue "${name}" is not known: it is neither configured nor recorded`);
  return look;
}

/** @throws NotSupportedError: scores, times and members are kept in Redis, so that raw and no-storage queues alone have them */
function assertHolds({ queue, kind }: QueueLook, to: QueueMode): void {
  if (kind === "fifo" || to !== "regular") return;
  throw new NotSupportedError(
    `queue "${queue}" is of kind ${kind}, which lives in Redis alone: it can become raw or no-storage, not regular; ` +
      "for a regular queue, enqueue its jobs into another one",
  );
}

/** Raw and no-storage queues have their waiting jobs in the same place. */
function sharesHome(one: QueueMode, other: QueueMode): boolean {
  return (one === "regular") === (other === "regular");
}

async function moveTo(look: QueueLook, to: QueueMode, target: Broker, options: MigrateOptions): Promise<MoveReport> {
  if (sharesHome(look.mode, to)) return { moved: 0, left: {} };
  return moveAll(look.broker, target, look.queue, options.onProgress);
}

/** The queue has the mode already: what waits in the other home came there by an old configuration. */
async function gather(
  deployment: Deployment,
  { queue, mode, kind }: QueueLook,
  target: Broker,
  options: MigrateOptions,
): Promise<MoveReport> {
  const other = kind === "fifo" ? await deployment.broker(mode === "regular" ? "raw" : "regular") : undefined;
  return other ? moveAll(other, target, queue, options.onProgress) : { moved: 0, left: {} };
}

async function record({ registry }: Deployment, wanted: Parameters<Deployment["registry"]["recordQueue"]>[0]) {
  await registry.forgetQueue(wanted.name);
  const recorded = await registry.recordQueue(wanted);
  if (recorded.mode === wanted.mode) return;
  throw new InvalidOptionError(
    `a program with the old configuration recorded queue "${wanted.name}" as ${recorded.mode} again: restart it, then migrate again`,
  );
}
