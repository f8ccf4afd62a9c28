import type { Json, JobSettings, Outcome } from "@tandemq/core";

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
}

/** How a run ended. Without an outcome nothing is to be settled: the delivery is somebody else's by now. */
export interface Ended {
  readonly n: number;
  readonly outcome?: Outcome;
  /** Milliseconds the final job is kept, where its task says so. */
  readonly keep?: number;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

/** One line that a task wrote to `job.log`. */
export interface LogLine {
  readonly n: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly data?: Json;
}

/** Why a run is told to stop. `stop`: its worker shuts down. `lost`: another delivery owns the job now. */
export type AbortReason = "stop" | "lost";
