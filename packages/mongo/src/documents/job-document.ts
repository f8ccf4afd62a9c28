import type { AttemptRecord, Job, JobMeta, JobSettings, UniqueKey } from "@tandemq/core";
import type { ObjectId } from "mongodb";

/**
 * A job as it lies in the collection. The fields that a producer of another language must write: `v`, `path`,
 * `params`, `queue`, `status` ("queued") and `due` (its own now, or the epoch for "at once"); and should write:
 * `priority` (a job without one comes after all that have one), `queuedAt`, and `held` beside `key`.
 */
export interface JobDocument {
  _id: ObjectId;
  v: number;
  path: string;
  params: object;
  queue: string;
  priority: number;
  key?: UniqueKey;
  /** The key's value while it is taken: unique per queue. */
  held?: string;
  /** The job's life does not take its key any more: it is free from this time on. */
  heldUntil?: Date;
  status: Job["status"];
  /** Claimable from this time on. Exists only while the job is live and this collection is where it waits. */
  due?: Date;
  /** The job was claimed before: it goes ahead of those that were not. Exists only while the job is live. */
  front?: true;
  /** Its queue hands out the last job first. */
  lifo?: true;
  /** The job waits elsewhere (in Redis); this document only tells of it, and no broker claims it. */
  raw?: true;
  /** The raw job has left for another broker, in the life before this one: what is left here goes. */
  left?: true;
  /** A job from another store that has not arrived: until when it is parked, and its own due time. */
  parked?: { readonly until: Date; readonly due: Date };
  /** Somebody is about to move the job: the mark of that change, and until when nobody else moves it. */
  leaving?: { readonly by: string; readonly until: Date };
  /** When a raw job is to run again. */
  retryAt?: Date;
  /** Counts changes: every change adds one, and a claim is refused when it is not the one that was read. */
  rev: number;
  /** Marks the latest change by hand (cancel, edit, requeue), so that whoever made it knows its own. */
  change?: string;
  token?: string;
  generation: number;
  attempt: number;
  deliveries: number;
  lost: number;
  settings: JobSettings;
  tags?: readonly string[];
  parent?: string;
  /** The first run must have begun by then. */
  startBy?: Date;
  score?: number;
  /** The job is over, and its entry in a `timed` queue comes due again at this time. */
  again?: Date;
  meta?: JobMeta;
  queuedAt: Date;
  startedAt?: Date;
  finishedAt?: Date;
  /** The document is deleted at this time, by a TTL index. */
  deleteAt?: Date;
  worker?: string;
  progress?: unknown;
  result?: unknown;
  error?: unknown;
  history: readonly AttemptRecord[];
}

/** A document as it is read: anybody may have written it. */
export type Stored = { readonly [Field in keyof JobDocument]?: unknown } & { readonly now?: unknown };
