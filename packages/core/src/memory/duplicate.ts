import type { NewJob } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import type { EnqueueAnswer } from "../ports/broker.js";
import { dueTime, startByOf } from "./due-time.js";
import { type Entry, isDue, isStarted } from "./entry.js";

/** What an enqueue does to the living job that has its key. */
export function meet(owner: Entry, job: NewJob, params: JsonObject, now: number): EnqueueAnswer {
  const kept: EnqueueAnswer = { state: "enqueued", id: owner.job.id, created: false };
  const { onDuplicate = "keep" } = job;
  if (onDuplicate === "keep" || isStarted(owner)) return kept;
  moveDue(owner, dueTime(job.due, now), now);
  if (onDuplicate === "replace") replace(owner, job, params, now);
  return { ...kept, change: onDuplicate === "replace" ? "replaced" : "extended" };
}

/** A job that is in line keeps its place when it is to be due at once; so does one that was claimed before. */
function moveDue(owner: Entry, due: number, now: number): void {
  if (due <= now && isDue(owner, now)) return;
  owner.job = { ...owner.job, due: new Date(due) };
  if (owner.job.deliveries === 0) owner.place = due;
}

/** The waiting job becomes the new one, but for its id, its life and what earlier runs left. */
function replace(owner: Entry, job: NewJob, params: JsonObject, now: number): void {
  const { path, priority, key, settings = {}, tags, parent, meta, score } = job;
  const startBy = startByOf(job, now);
  owner.params = job.params;
  owner.job = { ...owner.job, path, params, priority, key, settings, tags, parent, meta, score, startBy };
}
