import type { LimitState, QueueKind, QueueMode, WorkerRecord } from "@tandemq/core";
import type { ObjectId } from "mongodb";

/** What is known of a queue, by its name. */
export interface QueueDocument {
  _id: string;
  /** Settled at the queue's first use, together with `kind`. */
  mode?: QueueMode;
  kind?: QueueKind;
  paused?: boolean;
}

/** A job that was enqueued within a transaction and waits to be relayed, by its id. */
export interface OutboxDocument {
  _id: ObjectId;
  queue: string;
  /** The job, as JSON. */
  job: string;
  /** To be relayed from this time on; pushed back by whoever takes it. */
  due: Date;
  /** Of the relay that took it last. */
  token?: string;
  at: Date;
}

/** One worker's last heartbeat, by its session id. */
export interface WorkerDocument extends Omit<WorkerRecord, "id"> {
  _id: string;
  /** Deleted at this time, by a TTL index. */
  expiresAt: Date;
}

/** What is counted under one limit, by its name. Times in milliseconds of the server's clock. */
export interface LimitDocument extends LimitState {
  _id: string;
  /** Counts changes: it is written only as it was read. */
  rev: number;
  /** Deleted at this time, by a TTL index. */
  expiresAt: Date;
}

/** A job that waits under a limit: for its reserved start, or since a time for a place. */
export interface LimitWaitDocument {
  _id: string;
  limit: string;
  job: string;
  queue: string;
  slot?: number;
  /** It had a start before, and came too late for it. */
  again?: boolean;
  since?: number;
  /** Deleted at this time, by a TTL index. */
  expiresAt: Date;
}

/** A request to cancel a running job, by the job's id, life and queue. */
export interface CancelDocument {
  _id: { id: string; generation: number; queue: string };
  /** Deleted at this time, by a TTL index. */
  expiresAt: Date;
}
