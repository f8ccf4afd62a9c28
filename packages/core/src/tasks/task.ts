import type { JobError } from "../model/job-error.js";
import type { FailureStatus } from "../model/status.js";
import type { JobContext } from "./job-context.js";
import type { Limits } from "../limits/limit.js";
import type { Duration } from "../rules/duration.js";
import type { ErrorRule } from "../rules/error-rule.js";
import type { Json, JsonObject } from "../model/json.js";
import type { StandardSchema } from "./standard-schema.js";

/** How to wait between attempts, as a task author writes it. Durations take numbers (ms) or text such as `"1s"`. */
export interface BackoffOptions {
  /** Default: `exponential`. */
  readonly type?: "fixed" | "linear" | "exponential";
  /** Default: one second. */
  readonly delay?: Duration;
  /** Default: one hour. */
  readonly max?: Duration;
  /** Random share of the waiting time, 0 to 1. Default: 0.2. */
  readonly jitter?: number;
}

/**
 * The waiting time before the next attempt, decided by code of the task's own.
 *
 * @param attempt the run that has just ended, from 1
 * @param error what it threw
 */
export type BackoffFunction = (attempt: number, error: unknown) => Duration;

/** What a task says of all its jobs. A producer may override the first group for one job. `P`: the params of the task. */
export interface TaskOptions<P extends object = JsonObject> {
  /** Queue of its jobs unless the producer names another. Default: `default`. */
  readonly queue?: string;
  /** −10 … 10, higher first. Default: 0. */
  readonly priority?: number;
  /** Runs that the task itself may end before the job is final. Default: 1. */
  readonly attempts?: number;
  /** How long to wait between attempts; a function is called where the task runs. */
  readonly backoff?: BackoffOptions | BackoffFunction;
  /** Only these errors are tried again; any other ends the job as `failed`. Default: every error. */
  readonly retryIf?: ErrorRule | readonly ErrorRule[];
  /** These errors are never tried again, whatever `retryIf` says. */
  readonly neverRetry?: ErrorRule | readonly ErrorRule[];
  /** A run's signal is aborted after this time, and the run counts as `timeout`. Default: one hour. */
  readonly timeout?: Duration;
  /**
   * The process of a run that goes on after this time is killed; its neighbours there go back and pay nothing. Needs
   * child processes. Default: `timeout`, and then as long as the worker lets a run go on after its signal was aborted.
   */
  readonly hardTimeout?: Duration;
  /** Each job runs alone in a child process. Default: false. */
  readonly isolate?: boolean;
  /** How long a successful job is kept where finished jobs are stored. Default: 7 days. */
  readonly keepResults?: Duration;
  /** How long an unsuccessful job is kept. Default: 30 days. */
  readonly keepFailures?: Duration;
  /** How many of its jobs may start in a time, and how many may run at once, in all workers together. */
  readonly limit?: Limits<P>;
  /**
   * What the params must be: a schema of zod, valibot, arktype or any other library that speaks Standard Schema. Params
   * are checked when the task itself is enqueued, and before each run, which gets what the schema makes of them.
   */
  readonly schema?: StandardSchema;
  /**
   * Called when a worker has ended the job without success, however that came: once, with the error and the job's final
   * status. After a run it is called in the run's process, before the failure is stored; where the job ended without its
   * task's code (killed by a hard limit, lost too often, expired, cancelled by force), in a process that lives, once the
   * failure is stored. Not for a job that was cancelled while it waited. It may take 5 seconds; what it throws is logged.
   */
  readonly onFailed?: (error: JobError, job: JobContext, status: FailureStatus) => unknown;
}

/** The code of a task: gets the params and the job it runs for. */
export type TaskFunction<P extends object, R> = (params: P, job: JobContext) => Promise<R> | R;

/**
 * A function with a name: what is enqueued, and what workers run. `P`: the params it is enqueued with; `Q`: what its
 * schema makes of them.
 */
export interface Task<P extends object = JsonObject, R = unknown, Q extends object = P> {
  readonly path: string;
  readonly options: TaskOptions;
  readonly run: TaskFunction<Q, R>;
  /** For the compiler only: there is no such property. */
  readonly "~params"?: P;
}

/** The type that a result has after its way through the store. */
export type Stored<R> = R extends undefined | void ? undefined : R extends Json ? R : Json;
