import {
  type Claim,
  type Due,
  InvalidParamsError,
  type Job,
  MalformedJobError,
  maxPriority,
  minPriority,
  type NewJob,
  plainShape,
  type QueueShape,
  schemaVersion,
} from "@tandemq/core";
import { ObjectId } from "mongodb";
import { objectId } from "./ids.js";
import type { JobDocument } from "./job-document.js";

/**
 * The document of a new job.
 *
 * @param now the server's time, milliseconds since the epoch
 * @throws InvalidParamsError when the params are not the text of a JSON object
 * @throws MalformedJobError when the id is not 24 hexadecimal digits
 */
export function newDocument(job: NewJob, now: number, { order }: QueueShape = plainShape): JobDocument {
  const {
    id,
    path,
    params,
    queue,
    priority,
    key,
    settings = {},
    tags,
    parent,
    meta,
    startBy,
    score,
    generation = 1,
  } = job;
  return {
    _id: objectIdOf(id),
    v: schemaVersion,
    path,
    params: parseParams(params),
    queue,
    priority: checkPriority(priority),
    ...(key && { key, held: key.value }),
    ...(order === "lifo" && { lifo: true as const }),
    status: "queued",
    due: new Date(dueTime(job.due, now)),
    rev: 0,
    ...{ generation, attempt: 0, deliveries: 0, lost: 0 },
    settings,
    ...(tags && { tags }),
    ...(parent && { parent }),
    ...(startBy && { startBy: new Date("at" in startBy ? startBy.at : now + startBy.after) }),
    ...(score !== undefined && { score }),
    ...(meta && { meta }),
    queuedAt: new Date(now),
    history: [],
  };
}

/** The document of a raw job whose delivery starts. */
export function startedDocument(claim: Claim, worker?: string): JobDocument {
  const { id, path, params, queue, priority, token, settings, tags, parent, meta, generation, deliveries, lost } =
    claim;
  return {
    _id: objectIdOf(id),
    v: schemaVersion,
    path,
    params: parseParams(params),
    ...{ queue, priority, ...(claim.key && { key: claim.key }) },
    ...{ status: "started", raw: true, rev: 0, token, ...(worker !== undefined && { worker }) },
    ...{ generation, attempt: claim.attempt - 1, deliveries, lost, settings },
    ...(tags && { tags }),
    ...(parent && { parent }),
    ...(claim.startBy !== undefined && { startBy: new Date(claim.startBy) }),
    ...(claim.score !== undefined && { score: claim.score }),
    ...(meta && { meta }),
    queuedAt: new Date(claim.queuedAt),
    startedAt: new Date(claim.claimedAt),
    history: [],
  };
}

/** The whole document of a raw job that is over. */
export function finalDocument(job: Job): JobDocument {
  const { id, due: _due, lapsed: _lapsed, limited: _limited, ...known } = job;
  return { ...known, _id: objectIdOf(id), raw: true, rev: 0, history: [...job.history] };
}

/** When a job comes due. A time that has passed means now: it is not a way to the front of the line. */
export function dueTime(due: Due, now: number): number {
  return "at" in due ? Math.max(due.at, now) : now + due.after;
}

/** @throws InvalidParamsError */
export function parseParams(text: string): object {
  const params = parsed(text);
  if (typeof params === "object" && params !== null && !Array.isArray(params)) return params;
  throw new InvalidParamsError("params are not the text of a JSON object");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectIdOf(id: string): ObjectId {
  const found = objectId(id);
  if (!found) throw new MalformedJobError(`a job's id is 24 hexadecimal digits, got ${JSON.stringify(id)}`);
  return found;
}

function checkPriority(priority: number): number {
  if (Number.isInteger(priority) && priority >= minPriority && priority <= maxPriority) return priority;
  throw new MalformedJobError(`a priority is a whole number from ${minPriority} to ${maxPriority}, got ${priority}`);
}
