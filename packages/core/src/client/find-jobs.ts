import type { Job } from "../model/job.js";
import type { JobFilter } from "../ports/broker.js";
import { newestFirst } from "../rules/newest-first.js";
import type { Routes } from "./routes.js";

/** Queues that are asked at a time. */
const atOnce = 10;

/** Jobs that match over one queue, a tree of queues or all, each asked of its broker, newest first, at most `limit` (100). */
export async function findJobs(routes: Routes, filter: JobFilter): Promise<Job[]> {
  const limit = filter.limit ?? 100;
  const looks = await routes.lookAt(filter.queue);
  const parts: Job[][] = [];
  for (let i = 0; i < looks.length; i += atOnce) {
    const some = looks.slice(i, i + atOnce);
    parts.push(...(await Promise.all(some.map(({ queue, broker }) => broker.find({ ...filter, queue, limit })))));
  }
  const jobs = parts.flat();
  if (filter.order !== "head") jobs.sort(newestFirst);
  return jobs.slice(0, limit);
}
