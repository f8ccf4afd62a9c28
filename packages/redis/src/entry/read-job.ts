import { isStatus, type Job, type JobError, type JobId, type JsonObject, type LiveStatus } from "@tandemq/core";
import { type Entry, readEntry, startByOf } from "./read-entry.js";
import { type Past, readEnd, readPast, toDate, workerOf } from "./read-past.js";

/** What the look script tells of one job: status, entry, past, token and due time; `failed` with the kept text. */
export type Looked = readonly [status: string, entry: string, past: string, held: string, due: string];

/** The job as it is seen at `now`; `undefined` when there is none or what is there cannot be one. */
export function readJob(queue: string, id: JobId, looked: Looked, now: number): Job | undefined {
  try {
    return looked[0] === "failed" ? readKept(queue, id, looked[1]) : readLive(queue, id, looked, now);
  } catch {
    return undefined;
  }
}

function readLive(queue: string, id: JobId, [status, text, pastText, held, due]: Looked, now: number): Job {
  const entry = readEntry(text);
  const past = readPast(pastText);
  const [token, , started] = held.split(" ");
  const run = held === "" ? past.history.at(-1) : undefined;
  const error = lastError(past.history);
  return {
    ...base(queue, id, entry),
    status: isStatus(status) ? (status as LiveStatus) : "queued",
    due: toDate(due) ?? new Date(Math.min(now, entry.queuedAt)),
    ...(held !== "" && Number(due || 0) <= now ? { lapsed: true } : {}),
    token: token || past.token,
    attempt: past.attempt,
    deliveries: past.deliveries + (held === "" ? 0 : 1),
    lost: past.lost,
    startedAt: held === "" ? run?.startedAt : toDate(started),
    worker: workerOf(token ?? ""),
    history: past.history,
    ...(error ? { error } : {}),
  };
}

/** A kept job: how it ended, its past, an empty line, its entry. */
function readKept(queue: string, id: JobId, text: string): Job | undefined {
  const first = text.indexOf("\n");
  const gap = text.indexOf("\n\n");
  const end = readEnd(text.slice(0, first));
  if (first < 0 || gap < 0 || !end) return undefined;
  const { attempt, deliveries, lost, token, history } = readPast(text.slice(first + 1, gap));
  return {
    ...base(queue, id, readEntry(text.slice(gap + 2))),
    ...end,
    error: end.error ?? lastError(history),
    attempt,
    deliveries,
    lost,
    token,
    worker: end.startedAt && workerOf(token ?? ""),
    history,
  };
}

function lastError(history: Past["history"]): JobError | undefined {
  return history.findLast((run) => run.error !== undefined)?.error;
}

function base(queue: string, id: JobId, entry: Entry) {
  const { head, params, priority, generation, queuedAt } = entry;
  const { v, path, settings, key, tags, parent, meta, score } = head;
  const queued = new Date(queuedAt);
  const startBy = startByOf(entry);
  return {
    v,
    id,
    queue,
    path,
    params: readParams(params),
    priority,
    generation,
    settings,
    key,
    tags,
    parent,
    ...(startBy === undefined ? {} : { startBy: new Date(startBy) }),
    ...(score === undefined ? {} : { score }),
    meta,
    queuedAt: queued,
  };
}

/** Params that are no JSON show as none: the executor fails such a job with a clear error. */
function readParams(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}
