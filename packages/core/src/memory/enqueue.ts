import { InvalidParamsError } from "../errors/errors.js";
import { type Job, type NewJob, schemaVersion } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import type { EnqueueAnswer } from "../ports/broker.js";
import { startByOf } from "./due-time.js";
import { meet } from "./duplicate.js";
import type { Entry } from "./entry.js";
import type { MemoryStore } from "./memory-store.js";
import { placeOf, placeTime } from "./place.js";

export function enqueue(store: MemoryStore, job: NewJob): EnqueueAnswer {
  const wasAdded = job.onlyOnce && store.wasAdded(job);
  if (wasAdded) store.noteAdded(job);
  if (store.has(job.id) || wasAdded) return { state: "enqueued", id: job.id, created: true };
  const params = parseParams(job.params);
  if (!params)
    return {
      state: "refused",
      error: new InvalidParamsError("params are not the text of a JSON object"),
    };
  const owner = store.owner(job.queue, job.key);
  if (owner) return meet(store, owner, job, params);
  const keeper = store.keeper(job.queue, job.key);
  if (keeper !== undefined && keeper !== job.id) return { state: "enqueued", id: keeper, created: false };
  const entry = newEntry(store, job, params);
  store.add(entry);
  store.takeKey(entry.job);
  if (job.onlyOnce) store.noteAdded(job);
  return { state: "enqueued", id: job.id, created: true };
}

export function parseParams(text: string): JsonObject | undefined {
  try {
    const params: unknown = JSON.parse(text);
    return typeof params === "object" && params !== null && !Array.isArray(params) ? (params as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function newEntry(store: MemoryStore, job: NewJob, params: JsonObject): Entry {
  const [shape, now] = [store.shapeOf(job.queue), store.now()];
  const due = placeTime(shape, job.due, now);
  const arrival = store.next();
  return {
    job: newDocument(job, params, due, now),
    params: job.params,
    place: placeOf(shape, job, due),
    arrival: shape.order === "lifo" ? -arrival : arrival,
  };
}

function newDocument(job: NewJob, params: JsonObject, due: number, now: number): Job {
  const { id, queue, path, priority, key, tags, parent, meta, score } = job;
  return {
    ...{
      v: schemaVersion,
      id,
      queue,
      path,
      params,
      priority,
      key,
      tags,
      parent,
      meta,
      score,
      startBy: startByOf(job, now),
    },
    ...{
      attempt: 0,
      deliveries: 0,
      lost: 0,
      generation: job.generation ?? 1,
      settings: job.settings ?? {},
      history: [],
    },
    ...{ status: "queued", queuedAt: new Date(now), due: new Date(due) },
  };
}
