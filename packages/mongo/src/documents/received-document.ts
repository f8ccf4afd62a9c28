import { heldKey, type Job, type QueueShape } from "@tandemq/core";
import { ObjectId } from "mongodb";
import type { JobDocument } from "./job-document.js";

/** The document of a waiting job that comes from another store: all that is known of it. */
export function receivedDocument(job: Job, due: Date, { order }: QueueShape): JobDocument {
  const held = heldKey(job);
  return {
    ...waitingDocument(job),
    due,
    parked: { until: due, due: job.due ?? new Date(0) },
    ...(held && { held: held.value }),
    ...(job.deliveries > 0 && { front: true as const }),
    ...(order === "lifo" && { lifo: true as const }),
  };
}

/** The document of a raw job that waits, and has its history from elsewhere. */
export function waitingRawDocument(job: Job): JobDocument {
  return { ...waitingDocument(job), raw: true, ...(job.due && { retryAt: job.due }) };
}

function waitingDocument(job: Job): JobDocument {
  const { id, due: _due, lapsed: _lapsed, limited: _limited, token: _token, worker: _worker, ...known } = job;
  const { finishedAt: _finishedAt, deleteAt: _deleteAt, again: _again, result: _result, ...waiting } = known;
  const fields = Object.entries(waiting).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(fields) as typeof waiting),
    _id: new ObjectId(id),
    rev: 0,
    history: [...job.history],
  };
}
