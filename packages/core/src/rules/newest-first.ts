import type { Job } from "../model/job.js";

/** The order of every list of jobs: the last queued first; of those queued in one moment, the highest id. */
export function newestFirst(a: Pick<Job, "queuedAt" | "id">, b: Pick<Job, "queuedAt" | "id">): number {
  return b.queuedAt.getTime() - a.queuedAt.getTime() || (a.id < b.id ? 1 : -1);
}
