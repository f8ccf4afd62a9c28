import type { Claim, JobMeta, JobSettings, Json, JobLogLevel, Outcome } from "@tandemq/core";

/** One delivery as an executor needs it. */
export interface Assignment {
  /** Number of the delivery, unique within the worker. */
  readonly n: number;
  readonly id: string;
  readonly path: string;
  readonly queue: string;
  /** The params as JSON text, unread. */
  readonly params: string;
  readonly attempt: number;
  readonly deliveries: number;
  readonly settings: JobSettings;
  /** Default: 1. */
  readonly generation?: number;
  readonly parent?: string;
  readonly meta?: JobMeta;
}

/** What an executor needs of a claim but for its params; what is seldom there is left out. */
export function assignmentHead(n: number, claim: Claim): Omit<Assignment, "params"> {
  const { id, path, queue, attempt, deliveries, settings, generation, parent, meta } = claim;
  const head = { n, id, path, queue, attempt, deliveries, settings };
  if (generation === 1 && parent === undefined && meta === undefined) return head;
  return { ...head, generation, ...(parent === undefined ? {} : { parent }), ...(meta ? { meta } : {}) };
}

/** How a run ended. Without an outcome nothing is to be settled: the delivery is somebody else's by now. */
export interface Ended {
  readonly n: number;
  readonly outcome?: Outcome;
  /** Milliseconds the final job is kept, where its task says so. */
  readonly keep?: number;
}

/** One line that a task wrote to `job.log`. */
export interface LogLine {
  readonly n: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly level: JobLogLevel;
  readonly message: string;
  readonly data?: Json;
}

/** Why a run is told to stop. `stop`: its worker shuts down. `lost`: another delivery owns the job now. */
export type AbortReason = "stop" | "lost";
