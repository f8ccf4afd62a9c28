import type { Job, JobRef } from "../model/job.js";
import { type Status, statuses } from "../model/status.js";
import type { JobFilter, QueueCounts } from "../ports/broker.js";
import { matchesFilter } from "../rules/matches-filter.js";
import { byLine, byNewest, type Entry, isDue, isStarted, view } from "./entry.js";
import type { MemoryStore } from "./memory-store.js";

export function counts(store: MemoryStore, queue: string): QueueCounts {
  const found = noCounts();
  for (const { job } of store.entries(queue)) found[job.status] += 1;
  found.success += store.vanished(queue);
  return found;
}

export function noCounts(): Record<Status, number> {
  return Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>;
}

export function find(store: MemoryStore, filter: JobFilter): Job[] {
  const now = store.now();
  const found = store.entries(filter.queue).filter((entry) => matchesFilter(entry.job, filter));
  const ordered = filter.order === "head" ? head(found, now) : found.sort(byNewest);
  return ordered.slice(0, filter.limit ?? 100).map((entry) => view(entry, now));
}

/** Every job that matches, at most `limit`. */
export function select(store: MemoryStore, { ids, ...filter }: JobFilter): JobRef[] {
  const named = ids && new Set(ids);
  const asked = store.entries(filter.queue).filter(({ job }) => !named || named.has(job.id));
  const found = asked.filter(({ job }) => matchesFilter(job, filter));
  return found.slice(0, filter.limit).map(({ job: { id, queue } }) => ({ id, queue }));
}

/** Those that can be claimed now, then those that wait for their time. */
function head(entries: readonly Entry[], now: number): Entry[] {
  const due = entries.filter((entry) => isDue(entry, now)).sort(byLine);
  const later = entries.filter((entry) => !isDue(entry, now) && entry.job.due && !isStarted(entry));
  return [...due, ...later.sort((a, b) => dueOf(a) - dueOf(b))];
}

function dueOf(entry: Entry): number {
  return entry.job.due?.getTime() ?? 0;
}
