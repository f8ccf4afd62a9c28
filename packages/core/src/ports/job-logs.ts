import type { JobId } from "../model/job.js";
import type { Json } from "../model/json.js";

/** From the least severe to the most. */
export const jobLogLevels = ["debug", "info", "warn", "error"] as const;
export type JobLogLevel = (typeof jobLogLevels)[number];

/** One line that a task wrote to `job.log`. */
export interface JobLogLine {
  readonly at: Date;
  readonly level: JobLogLevel;
  readonly message: string;
  readonly data?: Json;
  /** The run that wrote it. */
  readonly attempt: number;
}

/** Some lines of one job, kept together. */
export interface LogChunk {
  /** 24 hexadecimal digits, made by the writer. */
  readonly id: string;
  readonly job: JobId;
  readonly lines: readonly JobLogLine[];
  /** Lines that were dropped just before these. */
  readonly dropped: number;
}

/**
 * Where log lines of jobs are kept. They are for the eye: a chunk that is lost harms nobody, and no job ever waits for
 * this port.
 */
export interface JobLogs {
  /** Adds chunks; those of one job come in their order. Can be asked twice. */
  append(chunks: readonly LogChunk[]): Promise<void>;
  /** Deletes the oldest chunks of these jobs until each is within the limits, and remembers how many lines went. */
  trim(jobs: readonly JobId[], limits: LogLimits): Promise<void>;
  /** The chunks of a job in their order, without those whose ids are given. */
  read(job: JobId, except?: readonly string[]): Promise<LogChunk[]>;
}

export interface LogLimits {
  readonly lines: number;
  /** Of messages and data, as characters. */
  readonly bytes: number;
}

/** What is kept of one job's log. */
export const jobLogLimits: LogLimits = { lines: 1000, bytes: 512 * 1024 };

/** The size that a line counts with. */
export function logLineSize({ message, data }: JobLogLine): number {
  return 50 + message.length + (data === undefined ? 0 : JSON.stringify(data).length);
}
