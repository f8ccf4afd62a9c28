import type { JobId } from "../model/job.js";
import type { Json } from "../model/json.js";

/** Where a job's log lines go: the worker's log stream, each line marked with the job. */
export interface JobLog {
  debug(message: string, data?: object): void;
  info(message: string, data?: object): void;
  warn(message: string, data?: object): void;
  error(message: string, data?: object): void;
}

/** The job as its own task sees it: second argument of a task, and `currentJob()` anywhere below it. */
export interface JobContext {
  /** Stable over all attempts and deliveries: use it as an idempotency key. */
  readonly id: JobId;
  readonly path: string;
  readonly queue: string;
  /** This run, from 1. */
  readonly attempt: number;
  /** Runs that the task may end. */
  readonly attempts: number;
  /** Claims of this job, this one included: more than `attempt` after a lost delivery. */
  readonly deliveries: number;
  /** Aborted when the run's timeout is over, the worker must stop, or the job is cancelled. */
  readonly signal: AbortSignal;
  readonly log: JobLog;
  /** Tells how far the run is: a share from 0 to 1, or any JSON value. The last one is kept. */
  progress(value: Json): Promise<void>;
}
