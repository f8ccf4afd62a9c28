import type { JobError } from "../model/job-error.js";
import type { Status } from "../model/status.js";
import { countOf } from "../rules/count-of.js";

/** Stable identifiers of errors: what programs compare; messages may change. */
export type ErrorCode =
  | "CONFIG"
  | "BROKER_UNAVAILABLE"
  | "STORE_REFUSED"
  | "MALFORMED_JOB"
  | "INVALID_PARAMS"
  | "INVALID_RESULT"
  | "INVALID_OPTION"
  | "TASK_NOT_FOUND"
  | "TASK_LOAD"
  | "TIMEOUT"
  | "EXPIRED"
  | "ABORTED"
  | "RUN_ENDED"
  | "WORKER_LOST"
  | "CODEC"
  | "ENTRY_LOST"
  | "QUEUE_MISMATCH"
  | "QUEUE_UNKNOWN"
  | "RESULT_NOT_STORED"
  | "JOB_NOT_FOUND"
  | "JOB_FAILED"
  | "RESULT_TIMEOUT"
  | "NOT_IDLE"
  | "NOT_SUPPORTED"
  | "CLOSED";

/** Base of every error that TandemQ throws: a stable `code` and a sentence that says what to do. */
export class TandemQError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** One mistake in options or configuration: where, and what is wrong with it. */
export interface Mistake {
  /** Path of the option, such as `queues.mail.mode`. */
  readonly path: string;
  readonly message: string;
}

/** The configuration or an option is wrong. Carries all mistakes at once. */
export class ConfigError extends TandemQError {
  /** What was read, such as a file's name. */
  readonly source: string;
  readonly mistakes: readonly Mistake[];

  constructor(source: string, mistakes: readonly Mistake[]) {
    super("CONFIG", `${source}: ${mistakes.map((m) => (m.path ? `${m.path}: ${m.message}` : m.message)).join("; ")}`);
    this.source = source;
    this.mistakes = mistakes;
  }
}

/** A store could not be reached, or its answer was lost. Whether it acted is unknown; asking again is safe. */
export class BrokerUnavailableError extends TandemQError {
  constructor(message: string, options?: ErrorOptions) {
    super("BROKER_UNAVAILABLE", message, options);
  }
}

/** A store works but is set up in a way that TandemQ refuses (evicting Redis, too old a server). */
export class StoreRefusedError extends TandemQError {
  constructor(message: string, options?: ErrorOptions) {
    super("STORE_REFUSED", message, options);
  }
}

/** A document or entry in a store that cannot be a job. */
export class MalformedJobError extends TandemQError {
  constructor(reason: string) {
    super("MALFORMED_JOB", reason);
  }
}

/** An entry of a Redis queue that cannot be a job: it was set aside, and its queue went on. */
export class MalformedEntryError extends TandemQError {
  /** @param text the beginning of what was found */
  constructor(reason: string, text?: string) {
    super("MALFORMED_JOB", text === undefined ? reason : `${reason}; it begins with ${JSON.stringify(text)}`);
  }
}

/** Params that do not survive JSON and BSON, or are too large. Says where the culprit is. */
export class InvalidParamsError extends TandemQError {
  constructor(message: string) {
    super("INVALID_PARAMS", message);
  }
}

/** A task's result that does not survive JSON and BSON, or is too large. */
export class InvalidResultError extends TandemQError {
  constructor(message: string) {
    super("INVALID_RESULT", message);
  }
}

/** An argument out of its range. */
export class InvalidOptionError extends TandemQError {
  constructor(message: string) {
    super("INVALID_OPTION", message);
  }
}

/** No task of that path among the modules that `tasks` names. */
export class TaskNotFoundError extends TandemQError {
  constructor(message: string) {
    super("TASK_NOT_FOUND", message);
  }
}

/** A task file could not be imported. */
export class TaskLoadError extends TandemQError {
  constructor(message: string, options?: ErrorOptions) {
    super("TASK_LOAD", message, options);
  }
}

/** The run took longer than its timeout. */
export class JobTimeoutError extends TandemQError {
  constructor(ms: number) {
    super("TIMEOUT", `the run took longer than its timeout of ${ms} ms`);
  }
}

/** The job was not started by the time that its producer named. */
export class JobExpiredError extends TandemQError {
  constructor(startBy: Date) {
    super("EXPIRED", `no run had begun by ${startBy.toISOString()}, the job's startBy: it will not run`);
  }
}

/** The run was told to stop: its worker shuts down, or somebody cancelled it. */
export class JobAbortedError extends TandemQError {
  constructor(reason: string) {
    super("ABORTED", reason);
  }
}

/**
 * Ends a run whose task asked for it: `job.retry`, `job.snooze` or `job.abort`. Let it pass: what was asked for holds
 * even if it is caught.
 */
export class RunEndedError extends TandemQError {
  constructor(message: string) {
    super("RUN_ENDED", message);
  }
}

/** The job's worker or child died under it more often than `maxLost` allows. */
export class WorkerLostError extends TandemQError {
  constructor(lost: number, maxLost: number) {
    super(
      "WORKER_LOST",
      `its process died ${countOf(lost, "time")} while the job ran (maxLost is ${maxLost}); the job was set aside without running again`,
    );
  }
}

/** The entry of a raw job that had started is gone from Redis: the job goes back in line as a new life. */
export class EntryLostError extends TandemQError {
  constructor(queue: string) {
    super("ENTRY_LOST", `its entry is gone from queue "${queue}": Redis lost it; the job starts anew`);
  }
}

/** Params or a result could not be encoded for the store, or not be decoded: another codec, or another key. */
export class CodecError extends TandemQError {
  constructor(message: string, options?: ErrorOptions) {
    super("CODEC", message, options);
  }
}

/** The queue is recorded in the store with another mode or kind. */
export class QueueMismatchError extends TandemQError {
  constructor(message: string) {
    super("QUEUE_MISMATCH", message);
  }
}

/** No mode is configured for the queue. */
export class QueueUnknownError extends TandemQError {
  constructor(message: string) {
    super("QUEUE_UNKNOWN", message);
  }
}

/** The queue's mode keeps no results. */
export class ResultNotStoredError extends TandemQError {
  constructor(queue: string) {
    super(
      "RESULT_NOT_STORED",
      `queue "${queue}" is a no-storage queue: results are not kept; to wait for results give it store: ["success"], or make it "raw" or "regular" (which needs MongoDB)`,
    );
  }
}

export class JobNotFoundError extends TandemQError {
  constructor(id: string) {
    super("JOB_NOT_FOUND", `no job ${id} is known: it never existed, or its retention is over`);
  }
}

/** Thrown to whoever waits for the result of a job that ended without success. */
export class JobFailedError extends TandemQError {
  readonly status: Status;
  readonly jobError: JobError | undefined;

  constructor(id: string, status: Status, jobError?: JobError) {
    super("JOB_FAILED", `job ${id} ended as ${status}${jobError ? `: ${jobError.name}: ${jobError.message}` : ""}`);
    this.status = status;
    this.jobError = jobError;
  }
}

/** The job was not over when the waiting time was. The job goes on. */
export class ResultTimeoutError extends TandemQError {
  constructor(id: string, ms: number) {
    super(
      "RESULT_TIMEOUT",
      `job ${id} was not over after ${ms} ms; it goes on, and \`tandemq jobs why ${id}\` tells what it waits for`,
    );
  }
}

/** Queues still had work when the time to wait for that was over. */
export class NotIdleError extends TandemQError {
  constructor(ms: number) {
    super("NOT_IDLE", `the queues were not idle within ${ms} ms; their jobs go on`);
  }
}

/** The feature does not exist in this mode or layout. Says which do have it. */
export class NotSupportedError extends TandemQError {
  constructor(message: string, options?: ErrorOptions) {
    super("NOT_SUPPORTED", message, options);
  }
}

/** The client, broker or worker was closed before the call. */
export class ClosedError extends TandemQError {
  constructor(what: string) {
    super("CLOSED", `${what} is closed`);
  }
}
