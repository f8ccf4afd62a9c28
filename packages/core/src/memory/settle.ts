import { type ExtendAnswer, endsJob, type SettleAnswer, type Settlement } from "../model/claim.js";
import type { Hold, Job } from "../model/job.js";
import { isOrderedByCaller } from "../rules/same-order.js";
import { staysAfter } from "./again.js";
import { type Entry, isStarted } from "./entry.js";
import type { MemoryStore } from "./memory-store.js";
import { settled } from "./transitions.js";

export function extend(store: MemoryStore, hold: Hold, lease: number): ExtendAnswer {
  const entry = store.entry(hold);
  if (entry?.job.token !== hold.token || !isStarted(entry)) return "lost";
  entry.job = { ...entry.job, due: new Date(store.now() + lease) };
  return "extended";
}

/** A delivery whose key was kept runs now. */
export function begin(store: MemoryStore, hold: Hold): void {
  const entry = store.entry(hold);
  if (entry?.job.token !== hold.token || !isStarted(entry)) return;
  if (entry.job.key?.until === "start") store.letKeyGo(entry.job);
}

export function settle(store: MemoryStore, settlement: Settlement): SettleAnswer {
  const { queue, token, outcome, keep } = settlement;
  const entry = store.entryOf(settlement.id);
  if (!entry) return { state: store.isVanished(queue, token) ? "settled" : "lost" };
  if (entry.job.token !== token) return { state: store.isVanished(queue, token) ? "settled" : "lost" };
  if (!isStarted(entry)) return { state: "settled" };
  const after = inPlace(store, settled(entry.job, outcome, store.now(), keep), entry.job);
  if (after.queue === queue) entry.job = after;
  else moveOn(store, entry, after);
  if (endsJob(outcome) && !staysAfter(store, entry, entry.job, outcome)) store.finish(entry);
  return { state: "settled" };
}

/** Where the caller's score or time is the order, a new priority orders nothing. */
function inPlace(store: MemoryStore, after: Job, { priority }: Job): Job {
  return isOrderedByCaller(store.shapeOf(after.queue)) ? { ...after, priority } : after;
}

/** A key that is another's in the new queue is given up: the job must run. */
function moveOn(store: MemoryStore, entry: Entry, after: Job): void {
  if (store.move(entry, after)) return;
  store.freeKey(entry.job);
  store.move(entry, { ...after, key: undefined });
}
