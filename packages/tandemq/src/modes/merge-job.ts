import {
  isFinal,
  type Job,
  type JobFilter,
  type JobRef,
  liveStatuses,
  newestFirst,
  finalStatuses,
  type Status,
} from "@tandemq/core";

/**
 * One job from what its entry and its document say of it: a document that is over decides, else the entry.
 *
 * The token is the entry's alone: the document may have been read after a claim that the entry does not show yet, and
 * with that claim's token a write would pass for its holder's.
 */
export function mergeJob(entry: Job | undefined, document: Job | undefined): Job | undefined {
  if (!entry || !document) return entry ?? document;
  if (isOver(document, entry.generation)) return document;
  if (document.generation !== entry.generation) return entry;
  const history = entry.history.length < document.history.length ? document.history : entry.history;
  return { ...document, ...withoutGaps(entry), token: entry.token, key: entry.key, history };
}

/** Whether this life of a job, or a later one, is over by its document. */
export function isOver(document: Job | undefined, generation: number): boolean {
  if (!document) return false;
  return document.generation > generation || (document.generation === generation && isFinal(document.status));
}

/** The job as it is over; its store gives the time. */
export function endedJob(job: Job, status: Status): Job {
  return { ...job, status, due: undefined, lapsed: undefined };
}

export const jobKey = ({ id, queue }: JobRef): string => `${queue}\n${id}`;

/** The statuses of a filter that are live, or final: each is asked of another store. */
export function liveOf({ status = liveStatuses }: JobFilter): Status[] {
  return status.filter((one) => !isFinal(one));
}

export function finalOf({ status = finalStatuses }: JobFilter): Status[] {
  return status.filter(isFinal);
}

/** Each job once, at most `limit`. */
export function differentRefs(refs: readonly JobRef[], limit?: number): JobRef[] {
  return [...new Map(refs.map((ref) => [jobKey(ref), ref])).values()].slice(0, limit);
}

/** Different jobs, newest first, at most `limit` (100). */
export function newest(jobs: readonly Job[], limit: number = 100): Job[] {
  const byKey = new Map<string, Job>();
  for (const job of jobs) {
    const other = byKey.get(jobKey(job));
    if (!other || other.generation <= job.generation) byKey.set(jobKey(job), job);
  }
  return [...byKey.values()].sort(newestFirst).slice(0, limit);
}

function withoutGaps(job: Job): Job {
  return Object.fromEntries(Object.entries(job).filter(([, value]) => value !== undefined)) as unknown as Job;
}
