import type { Claim, ClaimRequest } from "../model/claim.js";
import { dealt } from "../rules/dealt.js";
import { passes } from "../rules/path-filter.js";
import { isPaused } from "../rules/paused-trees.js";
import type { Turns } from "../wake/turns.js";
import { byLine, type Entry, isDue } from "./entry.js";
import type { MemoryStore } from "./memory-store.js";
import { started } from "./transitions.js";

/** Everything that a claim on these queues may take now, in the order in which it is taken. */
export function line(store: MemoryStore, { queues, paths = {}, inOrder }: LineRequest, turns: Turns): readonly Entry[] {
  const now = store.now();
  const open = [...new Set(queues)].filter((queue) => !isPaused(store.pausedQueues, queue));
  const ordered = inOrder ? open : turns.order(open);
  const lines = ordered.map((queue) =>
    store
      .entries(queue)
      .filter((entry) => isDue(entry, now) && passes(entry.job.path, paths))
      .sort(byLine),
  );
  return inOrder ? lines.flat() : dealt(lines);
}

type LineRequest = Pick<ClaimRequest, "queues" | "paths" | "inOrder">;

export function handOut(store: MemoryStore, entry: Entry, request: ClaimRequest): Claim {
  const now = store.now();
  entry.job = started(entry.job, `${request.worker}:${store.next()}`, request.worker, now, request.lease);
  if (entry.job.key?.until === "start" && !request.keepsKeys) store.letKeyGo(entry.job);
  return claimOf(entry, now);
}

/** When the next job of the queue comes due; the past when there is one already. */
export function nextDue(store: MemoryStore, queue: string): number | undefined {
  if (isPaused(store.pausedQueues, queue)) return undefined;
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
