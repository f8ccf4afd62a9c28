import { finalStatuses, type Job, type JobFilter, type JobRef, type QueueCounts, type Status } from "@tandemq/core";
import { differentRefs, finalOf, mergeJob, newest } from "../merge-job.js";
import type { NoStorageContext } from "./context.js";

const failureStatuses: readonly Status[] = finalStatuses.filter((status) => status !== "success");

export async function get(
  { keeping, failures }: NoStorageContext,
  refs: readonly JobRef[],
): Promise<(Job | undefined)[]> {
  if (refs.length === 0) return [];
  const entries = await keeping.get(refs);
  const documents = await failures?.ask((store) => store.get(refs.map(({ id }) => id)));
  return refs.map(({ queue }, i) => {
    const job = mergeJob(entries[i], documents?.[i]);
    return job?.queue === queue ? job : undefined;
  });
}

export async function find({ keeping, failures }: NoStorageContext, filter: JobFilter): Promise<Job[]> {
  const entries = await keeping.find(filter);
  const status = finalOf(filter).filter((one) => one !== "success");
  if (!failures || filter.order === "head" || status.length === 0) return entries;
  const documents = (await failures.ask((store) => store.find({ ...filter, status }))) ?? [];
  return newest([...entries, ...documents], filter.limit);
}

/** Those of the queue, and failures where they are kept. */
export async function select({ keeping, failures }: NoStorageContext, filter: JobFilter): Promise<JobRef[]> {
  const entries = await keeping.select(filter);
  const status = finalOf(filter).filter((one) => one !== "success");
  if (!failures || status.length === 0) return entries;
  const documents = (await failures.ask((store) => store.select({ ...filter, status }))) ?? [];
  return differentRefs([...entries, ...documents], filter.limit);
}

/** Successes are counted where they vanish; failures are counted where they are kept. */
export async function counts(context: NoStorageContext, queues: readonly string[]): Promise<Map<string, QueueCounts>> {
  const { keeping, failures } = context;
  const found = await keeping.counts(queues);
  const documents = await failures?.ask((store) => store.counts(queues));
  if (!documents) return found;
  const result = new Map<string, QueueCounts>();
  for (const [queue, counted] of found) {
    const kept = await countKept(context, queue, counted);
    const both = failureStatuses.map(
      (status) => [status, (documents.get(queue)?.[status] ?? 0) + kept(status)] as const,
    );
    result.set(queue, { ...counted, ...Object.fromEntries(both) });
  }
  return result;
}

/** Failures that the queue keeps itself, because their home was away when they came. */
async function countKept({ keeping }: NoStorageContext, queue: string, counted: QueueCounts) {
  const limit = failureStatuses.reduce((sum, status) => sum + counted[status], 0);
  const jobs = limit === 0 ? [] : await keeping.find({ queue, status: failureStatuses, limit });
  return (status: Status): number => jobs.filter((job) => job.status === status).length;
}
