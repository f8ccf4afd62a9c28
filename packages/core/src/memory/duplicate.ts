import type { NewJob, OnDuplicate } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import type { EnqueueAnswer } from "../ports/broker.js";
import { startByOf } from "./due-time.js";
import type { QueueShape } from "../model/queue-shape.js";
import { type Entry, isDue, isStarted } from "./entry.js";
import type { MemoryStore } from "./memory-store.js";
import { placeOf, placeTime } from "./place.js";

/** What an enqueue does to the living job that has its key. */
export function meet(store: MemoryStore, owner: Entry, job: NewJob, params: JsonObject): EnqueueAnswer {
  const kept: EnqueueAnswer = { state: "enqueued", id: owner.job.id, created: false };
  const [shape, now] = [store.shapeOf(job.queue), store.now()];
  const { onDuplicate = shape.kind === "timed" ? "replace" : "keep" } = job;
  if (onDuplicate === "keep" || job.onlyOnce) return kept;
  if (isStarted(owner)) return shape.kind === "timed" ? stay(owner, job, params, onDuplicate, now) : kept;
  if (onDuplicate === "replace") replace(owner, job, params, now);
  moveDue(owner, shape, placeTime(shape, job.due, now), now);
  return { ...kept, change: onDuplicate === "replace" ? "replaced" : "extended" };
}

/** The entry of a timed queue stays after its run, and may be another by then. */
function stay(owner: Entry, job: NewJob, params: JsonObject, onDuplicate: OnDuplicate, now: number): EnqueueAnswer {
  if (onDuplicate === "replace") replace(owner, job, params, now);
  owner.later = "at" in job.due ? job.due.at : now + job.due.after;
  return { state: "enqueued", id: owner.job.id, created: false, change: "extended" };
}

/** A job that is in line keeps its place when it is to be due at once; so does one that was claimed before. */
function moveDue(owner: Entry, shape: QueueShape, due: number, now: number): void {
  const isTimed = shape.kind === "timed";
  if (shape.kind === "sorted") owner.place = owner.job.score ?? 0;
  if (!isTimed && due <= now && isDue(owner, now)) return;
  owner.job = { ...owner.job, due: new Date(due) };
  if (isTimed || owner.job.deliveries === 0) owner.place = placeOf(shape, owner.job, due);
}

/** The waiting job becomes the new one, but for its id, its parent, its life and what earlier runs left. */
function replace(owner: Entry, job: NewJob, params: JsonObject, now: number): void {
  const { path, priority, key, settings = {}, tags, meta, score } = job;
  const startBy = startByOf(job, now);
  owner.params = job.params;
  owner.job = { ...owner.job, path, params, priority, key, settings, tags, meta, score, startBy };
}
