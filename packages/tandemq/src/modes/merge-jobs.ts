import { isFinal, type Job, type JobFilter, type Status } from "@tandemq/core";

/**
 * One view of a job from its entry in line and its document. The entry tells what a living job does; a document that is
 * final in the same life, or a later one, decides.
 */
export function mergeJob(entry: Job | undefined, document: Job | undefined): Job | undefined {
  if (!entry) return document && orphaned(document);
  return document && isFinal(document.status) && document.generation >= entry.generation ? document : entry;
}

/** A living document whose entry is gone: its store lost the entry, nobody holds the job. */
function orphaned(document: Job): Job {
  return isFinal(document.status) ? document : { ...document, lapsed: true };
}

/** Entries and documents as one list: each job once, newest first, at most the filter's limit (100). */
export function mergeFound(entries: readonly Job[], documents: readonly Job[], filter: JobFilter): Job[] {
  const jobs = new Map(documents.map((job) => [job.id, job]));
  for (const entry of entries) {
    const job = mergeJob(entry, jobs.get(entry.id));
    if (job) jobs.set(entry.id, job);
  }
  const sorted = [...jobs.values()].sort((a, b) => b.queuedAt.getTime() - a.queuedAt.getTime());
  return sorted.slice(0, filter.limit ?? 100);
}

/** The filter for the documents alone: finished jobs; `undefined` when the filter wants none of them. */
export function finalPart(filter: JobFilter, finals: readonly Status[]): JobFilter | undefined {
  if (filter.order === "head") return undefined;
  const status = filter.status ? finals.filter((one) => filter.status?.includes(one)) : finals;
  return status.length > 0 ? { ...filter, status } : undefined;
}
