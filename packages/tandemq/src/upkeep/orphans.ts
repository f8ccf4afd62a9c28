import { type Broker, EntryLostError, isFinal, type Job, toJobError } from "@tandemq/core";
import type { Stores } from "../modes/stores.js";
import { endedJob } from "../modes/merge-job.js";

/** Documents that are looked at in one go. */
const page = 200;

export interface RawStores {
  readonly mongo: NonNullable<Stores["mongo"]>;
  readonly redis: NonNullable<Stores["redis"]>;
  readonly documents: NonNullable<Stores["documents"]>;
}

export interface Orphans {
  /** Documents of live jobs that have no entry in any raw queue: nobody would run them. */
  readonly jobs: readonly Job[];
  /** Where to go on, milliseconds since the epoch; `undefined` at the end. */
  readonly next: number | undefined;
}

/**
 * Looks for raw jobs that Redis lost after they had started.
 *
 * @param queues every raw queue: a job that was moved has its entry in another one
 * @param grace milliseconds within which a job that changed is left alone
 */
export async function findOrphans(
  { mongo, redis, documents }: RawStores,
  queue: string,
  queues: readonly string[],
  { after, grace }: { after: number; grace: number },
): Promise<Orphans> {
  const found = await mongo.upkeep().oldestLive({ queue, after, limit: page });
  const next = found.length < page ? undefined : found.at(-1)?.queuedAt.getTime();
  const until = (await mongo.inspector().time()) - grace;
  const missing = await withoutEntry(
    redis.broker(),
    found.filter((job) => lastChange(job) < until),
    queues,
  );
  const again = await documents.get(missing.map(({ id }) => id));
  return { jobs: missing.filter((job, i) => isSame(job, again[i])), next };
}

/**
 * Puts orphans back in line as a new life. They are failed first: a death in between leaves a job that is seen.
 *
 * @returns how many are in line again
 */
export async function mendOrphans({ documents }: RawStores, raw: Broker, orphans: readonly Job[]): Promise<number> {
  if (orphans.length === 0) return 0;
  await documents.record(orphans.map(lost));
  const whole = orphans.filter(({ error }) => error?.code !== "MALFORMED_JOB");
  const answers = await raw.requeue(whole.map(({ id, queue }) => ({ id, queue })));
  return answers.filter((answer) => answer === "done").length;
}

async function withoutEntry(live: Broker, jobs: readonly Job[], queues: readonly string[]): Promise<Job[]> {
  let missing = [...jobs];
  for (const queue of new Set([...jobs.map((job) => job.queue), ...queues])) {
    if (missing.length === 0) break;
    const entries = await live.get(missing.map(({ id }) => ({ id, queue })));
    missing = missing.filter((_, i) => entries[i] === undefined);
  }
  return missing;
}

/** A key that was free from the start of the run on is not asked for again: the job must run. */
function lost(job: Job): Job {
  const { stack: _stack, ...error } = toJobError(new EntryLostError(job.queue));
  const key = job.key?.until === "start" ? undefined : job.key;
  return { ...endedJob(job, "failed"), key, error: job.error?.code === "MALFORMED_JOB" ? job.error : error };
}

function lastChange({ queuedAt, startedAt, history }: Job): number {
  return Math.max(queuedAt.getTime(), startedAt?.getTime() ?? 0, history.at(-1)?.finishedAt.getTime() ?? 0);
}

function isSame(job: Job, again: Job | undefined): boolean {
  if (!again || isFinal(again.status)) return false;
  return again.token === job.token && again.status === job.status && again.generation === job.generation;
}
