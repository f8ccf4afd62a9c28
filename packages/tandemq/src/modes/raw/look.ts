import { finalStatuses, isFinal, type Job, type JobFilter, type JobRef, type QueueCounts } from "@tandemq/core";
import { differentRefs, finalOf, liveOf, mergeJob, newest } from "../merge-job.js";
import type { RawContext } from "./context.js";

/** Entries are read before documents: a job that ends in between is then seen as over, not as gone. */
export async function get({ live, store }: RawContext, refs: readonly JobRef[]): Promise<(Job | undefined)[]> {
  if (refs.length === 0) return [];
  const entries = await live.get(refs);
  const documents = await store.get(refs.map(({ id }) => id));
  return refs.map(({ queue }, i) => {
    const job = mergeJob(entries[i], documents[i]);
    return job?.queue === queue ? job : undefined;
  });
}

export async function find(context: RawContext, filter: JobFilter): Promise<Job[]> {
  const living = await findLive(context, filter);
  if (filter.order === "head") return living;
  const status = finalOf(filter);
  const over = status.length === 0 ? [] : await context.store.find({ ...filter, status });
  return newest([...living, ...over], filter.limit);
}

/** Live jobs by their entries, finished ones by their documents; one that is over by both is named once. */
export async function select({ live, store }: RawContext, filter: JobFilter): Promise<JobRef[]> {
  const [livingStatus, finalStatus] = [liveOf(filter), finalOf(filter)];
  const living = livingStatus.length === 0 ? [] : await live.select({ ...filter, status: livingStatus });
  const over = finalStatus.length === 0 ? [] : await store.select({ ...filter, status: finalStatus });
  return differentRefs([...living, ...over], filter.limit);
}

/** Jobs in line and running come from their entries; one that is over by now is shown with the others that are. */
async function findLive({ live, store }: RawContext, filter: JobFilter): Promise<Job[]> {
  const status = liveOf(filter);
  if (status.length === 0) return [];
  const entries = await live.find({ ...filter, status });
  const documents = await store.get(entries.map(({ id }) => id));
  const jobs = entries.map((entry, i) => mergeJob(entry, documents[i]) ?? entry);
  return jobs.filter((job) => !isFinal(job.status));
}

/** Live jobs are counted by their entries, finished ones by their documents. */
export async function counts(
  { live, store }: RawContext,
  queues: readonly string[],
): Promise<Map<string, QueueCounts>> {
  const [living, documents] = await Promise.all([live.counts(queues), store.counts(queues)]);
  const result = new Map<string, QueueCounts>();
  for (const [queue, found] of living) {
    const over = finalStatuses.map((status) => [status, documents.get(queue)?.[status] ?? 0] as const);
    result.set(queue, { ...found, ...Object.fromEntries(over) });
  }
  return result;
}
