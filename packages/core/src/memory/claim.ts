import type { Claim, ClaimRequest } from "../model/claim.js";
import { byLine, type Entry, isDue } from "./entry.js";
import type { MemoryStore } from "./memory-store.js";
import { started } from "./transitions.js";

/** Everything that a claim on these queues may take now, the first in line first. */
export function line(store: MemoryStore, queues: readonly string[]): Entry[] {
  const now = store.now();
  const open = [...new Set(queues)].filter((queue) => !store.pausedQueues.has(queue));
  return open.flatMap((queue) => store.entries(queue).filter((entry) => isDue(entry, now))).sort(byLine);
}

export function handOut(store: MemoryStore, entry: Entry, request: ClaimRequest): Claim {
  const now = store.now();
  entry.job = started(entry.job, `${request.worker}:${store.next()}`, request.worker, now, request.lease);
  if (entry.job.key?.until === "start") store.freeKey(entry.job);
  return claimOf(entry, now);
}

/** When the next job of the queue comes due; the past when there is one already. */
export function nextDue(store: MemoryStore, queue: string): number | undefined {
  if (store.pausedQueues.has(queue)) return undefined;
  let earliest: number | undefined;
  for (const { job } of store.entries(queue)) {
    if (job.due && job.due.getTime() < (earliest ?? Number.POSITIVE_INFINITY)) earliest = job.due.getTime();
  }
  return earliest;
}

function claimOf({ job, params }: Entry, claimedAt: number): Claim {
  const { id, queue, path, priority, generation, deliveries, lost, settings, key, tags, parent, meta, score } = job;
  const token = job.token ?? "";
  const times = { queuedAt: job.queuedAt.getTime(), claimedAt, startBy: job.startBy?.getTime() };
  return {
    id,
    queue,
    token,
    path,
    params,
    priority,
    generation,
    deliveries,
    lost,
    settings,
    key,
    tags,
    parent,
    meta,
    score,
    attempt: job.attempt + 1,
    ...times,
  };
}
