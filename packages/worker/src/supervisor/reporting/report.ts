import type { Json } from "@tandemq/core";
import type { ChildReport } from "../../pools/executor-pool.js";

/** What a heartbeat tells of its worker. Memory in bytes, times in milliseconds. */
export interface WorkerReport {
  /** Jobs that run now, the first 1,000 of them. */
  readonly running: readonly RunningJob[];
  readonly runningCount: number;
  /** Jobs that wait for a process of their own because they were lost before. */
  readonly waitingAlone: number;
  /** Settled since the worker started. */
  readonly done: number;
  readonly failed: number;
  readonly retried: number;
  readonly givenBack: number;
  readonly lost: number;
  readonly queues: Readonly<Record<string, QueueReport>>;
  readonly supervisor: { readonly rss: number; readonly cpu: number; readonly loopDelay: number };
  readonly children: readonly ChildReport[];
}

export interface RunningJob {
  readonly id: string;
  readonly path: string;
  readonly queue: string;
  readonly attempt: number;
  /** For how long. */
  readonly ms: number;
  /** The child it runs in; 0: the worker's own process. */
  readonly pid: number;
  readonly progress: Json;
}

/**
 * Rate: jobs ended per second over the last minute. Percentiles over the last 512 jobs. Wait: from the job's enqueueing
 * to its first claim. Run: from claim to outcome.
 */
export interface QueueReport {
  readonly done: number;
  readonly failed: number;
  readonly rate: number;
  readonly wait: Percentiles;
  readonly run: Percentiles;
}

export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
}
