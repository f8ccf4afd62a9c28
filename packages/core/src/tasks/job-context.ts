import type { TransactionSession } from "../ports/session.js";
import type { JobId } from "../model/job.js";
import type { Json } from "../model/json.js";
import type { Duration } from "../rules/duration.js";

/** Where a job's log lines go: the worker's log stream, each line marked with the job. */
export interface JobLog {
  debug(message: string, data?: object): void;
  info(message: string, data?: object): void;
  warn(message: string, data?: object): void;
  error(message: string, data?: object): void;
}

/** How a task asks for another run of its job. */
export interface RetryRequest {
  /** Default: the back-off. */
  readonly delay?: Duration;
  /** Another queue of the same mode; the job gives up its unique key. Default: the job's own. */
  readonly queue?: string;
  /** Default: as it is. */
  readonly priority?: number;
  /** Why: kept in the history of attempts. */
  readonly error?: unknown;
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
  /**
   * Ends this run and asks for another one. It consumes an attempt: after the last one the job becomes `maxretries`.
   * Throws a RunEndedError to leave the task; what was asked for holds even if that is caught.
   * @throws InvalidOptionError when an option is out of its range
   */
  retry(request?: RetryRequest): never;
  /**
   * Ends this run and puts the job off: it consumes no attempt. Throws a RunEndedError as {@link retry} does.
   * @throws InvalidOptionError
   */
  snooze(delay: Duration): never;
  /** Ends the job for good, as `abort`. Throws a RunEndedError as {@link retry} does. */
  abort(reason?: string): never;

  /**
   * Ends the job as success within a transaction of the task's own: its effects and its success in one commit. To be
   * called last inside the transaction; what the task returns afterwards does not matter. Where the transaction does
   * not commit, the run counts as failed.
   *
   * @param session a `ClientSession` of the MongoDB driver with a transaction in progress
   * @throws NotSupportedError unless the queue is regular and MongoDB a replica set; JobAbortedError when the job is lost
   */
  complete(session: TransactionSession, result?: unknown): Promise<void>;
}
