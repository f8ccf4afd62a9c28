import { createHash } from "node:crypto";
import { InvalidOptionError } from "../errors/errors.js";
import type { Job, NewJob, UniqueKey } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import { memberPath } from "../model/member.js";
import type { QueueRoute } from "../ports/deployment.js";
import { isOrderedByCaller } from "../rules/same-order.js";

/**
 * The job as its queue's kind wants it: a `set` and a `timed` queue know it by its key, else by its params; a `sorted`
 * one by its score.
 *
 * @throws InvalidOptionError when the options do not fit the kind
 */
export function fitQueue(job: NewJob, { kind }: Pick<QueueRoute, "kind">): NewJob {
  if (kind === "fifo" && job.score === undefined) return job;
  assertFits(job, kind);
  if (kind === "set") return { ...job, key: job.key ?? { value: digestOf(job), until: "start" } };
  return kind === "timed" ? { ...job, key: entryKey(job) } : job;
}

function assertFits({ queue, score, priority, key }: NewJob, kind: QueueRoute["kind"]): void {
  if (kind === "sorted" && score === undefined) {
    throw new InvalidOptionError(`enqueue: queue "${queue}" is of kind "sorted": give the job's score`);
  }
  if (kind !== "sorted" && score !== undefined) {
    throw new InvalidOptionError(
      `enqueue: score: queue "${queue}" is of kind "${kind}"; only "sorted" queues have scores`,
    );
  }
  if (kind === "timed" && key?.for !== undefined) {
    throw new InvalidOptionError(
      `enqueue: key.for: queue "${queue}" is of kind "timed", where adding an entry again moves it`,
    );
  }
  if (priority !== 0) assertHasPriorities(queue, kind, "enqueue");
}

/** @throws InvalidOptionError when the queue is ordered otherwise */
export function assertHasPriorities(queue: string, kind: QueueRoute["kind"], verb: string): void {
  if (!isOrderedByCaller({ kind })) return;
  throw new InvalidOptionError(
    `${verb}: priority: queue "${queue}" is of kind "${kind}", whose order is the caller's ${kind === "sorted" ? "score" : "time"}`,
  );
}

/** The entry of a timed queue is its key, for as long as it lives. */
function entryKey(job: NewJob): UniqueKey {
  return { value: job.key?.value ?? digestOf(job), until: "finish" };
}

/** Whether queues of this kind know jobs by a key that is made of their params where the caller gave none. */
export function isKeyed(kind: QueueRoute["kind"]): boolean {
  return kind === "set" || kind === "timed";
}

/** Whether its queue of such a kind knows the job by its params: its key is made of them, or it is a member. */
export function isKnownByParams({ path, params, key }: Pick<Job, "path" | "params" | "key">): boolean {
  if (key === undefined) return false;
  return path === memberPath ? key.value === params["member"] : key.value === digest(path, params);
}

function digestOf({ path, params }: NewJob): string {
  return digest(path, JSON.parse(params) as JsonObject);
}

/** The same task and params give the same text, however the params' fields were ordered. */
function digest(path: string, params: JsonObject): string {
  return createHash("sha256")
    .update(`${path}\n${JSON.stringify(ordered(params))}`)
    .digest("base64url");
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, ordered(item)]));
}
