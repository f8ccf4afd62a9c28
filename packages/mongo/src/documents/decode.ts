import type {
  AttemptRecord,
  Claim,
  Job,
  JobError,
  JobMeta,
  JobSettings,
  Json,
  JsonObject,
  UniqueKey,
} from "@tandemq/core";
import { isStatus } from "@tandemq/core";
import { idText, isObjectId } from "./ids.js";
import type { Stored } from "./job-document.js";

/** The delivery that a claim hands out. `stored` is without fault, and as it was before the claim or after it. */
export function claimOf(stored: Stored, token: string, claimed: { deliveries: number; lost: number }): Claim {
  const { key, tags, parent, startBy, meta, score } = stored;
  return {
    id: idText(stored._id),
    queue: stored.queue as string,
    token,
    path: stored.path as string,
    params: JSON.stringify(stored.params),
    priority: count(stored.priority, 0),
    generation: count(stored.generation, 1),
    attempt: count(stored.attempt, 0) + 1,
    ...claimed,
    settings: (stored.settings ?? {}) as JobSettings,
    ...(key !== undefined && { key: key as UniqueKey }),
    ...(tags !== undefined && { tags: tags as string[] }),
    ...(parent !== undefined && { parent: idText(parent) }),
    ...(startBy !== undefined && { startBy: (startBy as Date).getTime() }),
    ...(score !== undefined && { score: score as number }),
    ...(isRecord(meta) && { meta: meta as JobMeta }),
    queuedAt: queuedAt(stored).getTime(),
    claimedAt: (stored.now as Date).getTime(),
  };
}

/** The job of a document, for looking at it. Fields that cannot be read get their defaults: never throws. */
export function jobOf(stored: Stored): Job {
  const { token, worker, key, tags, parent, meta, score } = stored;
  return {
    ...whatOf(stored),
    ...timesOf(stored),
    ...(isKey(key) && { key }),
    ...(typeof token === "string" && { token }),
    ...(typeof worker === "string" && { worker }),
    ...(Array.isArray(tags) && { tags: tags.map(String) }),
    ...(parent !== undefined && { parent: idText(parent) }),
    ...(typeof score === "number" && { score }),
    ...(isRecord(meta) && { meta: meta as JobMeta }),
    ...present({ progress: plain(stored.progress) as Json, result: plain(stored.result) as Json }),
    ...present({ error: stored.error as JobError }),
    history: Array.isArray(stored.history) ? (stored.history as AttemptRecord[]) : [],
  };
}

function whatOf(stored: Stored): Omit<Job, "history" | "queuedAt"> {
  return {
    id: idText(stored._id),
    v: count(stored.v, 1),
    path: text(stored.path),
    params: (isRecord(stored.params) ? plain(stored.params) : {}) as JsonObject,
    queue: text(stored.queue),
    priority: count(stored.priority, 0),
    status: isStatus(stored.status) ? stored.status : "failed",
    generation: count(stored.generation, 1),
    attempt: count(stored.attempt, 0),
    deliveries: count(stored.deliveries, 0),
    lost: count(stored.lost, 0),
    settings: (isRecord(stored.settings) ? stored.settings : {}) as JobSettings,
  };
}

type Times = "queuedAt" | "startedAt" | "finishedAt" | "deleteAt" | "due" | "lapsed" | "startBy" | "again";

function timesOf(stored: Stored): Pick<Job, Times> {
  const { due, startedAt, finishedAt, deleteAt, startBy, again, now } = stored;
  const lapsed = stored.status === "started" && due instanceof Date && now instanceof Date && due <= now;
  return {
    queuedAt: queuedAt(stored),
    ...(due instanceof Date && { due }),
    ...(lapsed && { lapsed }),
    ...(startedAt instanceof Date && { startedAt }),
    ...(finishedAt instanceof Date && { finishedAt }),
    ...(deleteAt instanceof Date && { deleteAt }),
    ...(startBy instanceof Date && { startBy }),
    ...(again instanceof Date && { again }),
  };
}

/** A producer that wrote no time is taken at its id's, which is exact to the second. */
function queuedAt({ queuedAt: time, _id }: Stored): Date {
  if (time instanceof Date) return time;
  return isObjectId(_id) ? _id.getTimestamp() : new Date(0);
}

/** The value as JSON knows it: documents of other programs may hold dates, long numbers and more. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function isKey(value: unknown): value is UniqueKey {
  return isRecord(value) && "value" in value && "until" in value;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function count(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
