import type { JobRef } from "../model/job.js";
import type { Json } from "../model/json.js";

export const queueModes = ["regular", "raw", "no-storage"] as const;
export type QueueMode = (typeof queueModes)[number];

export const queueKinds = ["fifo", "set", "sorted", "timed"] as const;
export type QueueKind = (typeof queueKinds)[number];

/** What was settled about a queue at its first use; whoever disagrees later is refused. */
export interface QueueRecord {
  readonly name: string;
  readonly mode: QueueMode;
  readonly kind: QueueKind;
}

/** The record that holds; `isNew` when this call made it. */
export interface RecordedQueue extends QueueRecord {
  readonly isNew?: boolean;
}

/** One worker's last heartbeat. */
export interface WorkerRecord {
  /** Session id: unique per process start. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: Date;
  /** The registry's own time of the heartbeat. */
  readonly seenAt: Date;
  /** Queues that it serves now, the first 1,000. */
  readonly queues: readonly string[];
  /** Queues and patterns that it was started for; none: all. */
  readonly serves?: readonly string[];
  /**
   * Recorded queues among these that it does not serve as they are recorded, the first 1,000: its configuration has
   * another mode for them, or none. Left out: there are none.
   */
  readonly mismatched?: readonly string[];
  /** Paths of the tasks it knows, the first 1,000; `tasksCut` tells that there are more. */
  readonly tasks?: readonly string[];
  readonly tasksCut?: boolean;
  /** Patterns of the only tasks that it takes, and of those that it leaves to others. */
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly concurrency: number;
  readonly processes: number;
  /** `running`, `stopping`. */
  readonly state: string;
  /** Running jobs, memory, CPU, loop delay per child: plain data, shape documented in the worker package. */
  readonly report: Json;
}

/** Somebody wants a job that runs to end, in the life that it has now. */
export interface CancelRequest extends JobRef {
  readonly generation: number;
}

/** What all clients and workers of a deployment know in common, apart from jobs. */
export interface Registry {
  /** Records the queue unless it is recorded already; returns the record that holds. */
  recordQueue(record: QueueRecord): Promise<RecordedQueue>;
  queues(): Promise<QueueRecord[]>;
  /** Removes the record, so that the next use settles mode and kind anew. */
  forgetQueue(name: string): Promise<void>;
  /** Writes the heartbeat; the record vanishes `ttl` milliseconds later unless written again. */
  heartbeat(worker: Omit<WorkerRecord, "seenAt">, ttl: number): Promise<void>;
  forgetWorker(id: string): Promise<void>;
  workers(): Promise<WorkerRecord[]>;
  /** Asks whoever runs these jobs to cancel them. A request is kept for `ttl` milliseconds unless it is dropped before. */
  requestCancel(requests: readonly CancelRequest[], ttl: number): Promise<void>;
  /** The requests there are, at most 10,000. */
  cancelRequests(): Promise<CancelRequest[]>;
  /** Forgets requests: their jobs are over. */
  dropCancelRequests(requests: readonly CancelRequest[]): Promise<void>;
}
