import type { QueueKind, QueueMode, WorkerRecord } from "@tandemq/core";

/** What is known of a queue, by its name. */
export interface QueueDocument {
  _id: string;
  /** Settled at the queue's first use, together with `kind`. */
  mode?: QueueMode;
  kind?: QueueKind;
  paused?: boolean;
}

/** One worker's last heartbeat, by its session id. */
export interface WorkerDocument extends Omit<WorkerRecord, "id"> {
  _id: string;
  /** Deleted at this time, by a TTL index. */
  expiresAt: Date;
}
