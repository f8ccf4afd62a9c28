import type { Json, QueueKind, QueueMode } from "@tandemq/core";

/** What is known of a queue, by its name. */
export interface QueueDocument {
  _id: string;
  /** Settled at the queue's first use, together with `kind`. */
  mode?: QueueMode;
  kind?: QueueKind;
  paused?: boolean;
}

/** One worker's last heartbeat, by its session id. */
export interface WorkerDocument {
  _id: string;
  host: string;
  pid: number;
  startedAt: Date;
  seenAt: Date;
  queues: string[];
  concurrency: number;
  processes: number;
  state: string;
  report: Json;
  /** Deleted at this time, by a TTL index. */
  expiresAt: Date;
}
