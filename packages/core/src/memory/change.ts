import { isFinal } from "../model/status.js";
import type { ChangeAnswer, JobChange } from "../ports/broker.js";
import { parseParams } from "./enqueue.js";
import { assertSameOrder, isOrderedByCaller } from "../rules/same-order.js";
import { type Entry, isStarted } from "./entry.js";
import type { MemoryStore } from "./memory-store.js";
import { placeOf, placeTime } from "./place.js";
import type { Due } from "../model/job.js";
import { reborn } from "../rules/reborn.js";
import { finished } from "./transitions.js";

type Place = Exclude<ChangeAnswer, "done">;

/** Where in its life a job stands, as changes are allowed or refused by it. */
export function standingOf(entry: Entry | undefined): Place {
  if (!entry) return "missing";
  if (isStarted(entry)) return "started";
  return isFinal(entry.job.status) ? "final" : "waiting";
}

/** Makes the change when the job stands where it is allowed, and answers where it stands otherwise. */
export function changeWhere(
  allowed: readonly Place[],
  entry: Entry | undefined,
  change: (entry: Entry) => ChangeAnswer | void,
): ChangeAnswer {
  const place = standingOf(entry);
  if (!entry || !allowed.includes(place)) return place;
  return change(entry) ?? "done";
}

export function cancel(store: MemoryStore, entry: Entry): void {
  entry.job = finished(entry.job, "cancel", store.now());
  store.finish(entry);
}

/** A job whose key another has in the new queue stays as it is. */
export function edit(store: MemoryStore, entry: Entry, change: JobChange): ChangeAnswer {
  const { queue = entry.job.queue, tags = entry.job.tags } = change;
  const priority = isOrderedByCaller(store.shapeOf(queue))
    ? entry.job.priority
    : (change.priority ?? entry.job.priority);
  assertSameOrder((name) => store.shapeOf(name), entry.job.queue, queue);
  if (queue !== entry.job.queue && !store.move(entry, { ...entry.job, queue })) return "keyTaken";
  entry.job = { ...entry.job, priority, tags };
  if (change.params !== undefined) editParams(entry, change.params);
  if (change.due) editDue(store, entry, change.due);
  return "done";
}

/** Gives the job its next life in a queue, unless its key is another's there by now: a new entry at the end of the line. */
export function requeue(store: MemoryStore, entry: Entry, queue: string): ChangeAnswer {
  const now = store.now();
  const { id, key } = entry.job;
  const taker = store.owner(queue, key)?.job.id ?? store.keeper(queue, key);
  if (taker !== undefined && taker !== id) return "keyTaken";
  store.delete(entry);
  const shape = store.shapeOf(queue);
  const arrival = shape.order === "lifo" ? -store.next() : store.next();
  store.add({ ...entry, job: { ...reborn(entry.job, now), queue }, place: placeOf(shape, entry.job, now), arrival });
  store.takeKey({ ...entry.job, queue });
  return "done";
}

function editParams(entry: Entry, text: string): void {
  entry.params = text;
  entry.job = { ...entry.job, params: parseParams(text) ?? {} };
}

/** A new due time is a new place in line, except for a job that was claimed before: it stays in front. */
function editDue(store: MemoryStore, entry: Entry, to: Due): void {
  const shape = store.shapeOf(entry.job.queue);
  const due = placeTime(shape, to, store.now());
  entry.job = { ...entry.job, due: new Date(due) };
  if (entry.job.deliveries === 0) entry.place = placeOf(shape, entry.job, due);
}
