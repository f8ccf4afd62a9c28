import type { TransactionSession } from "../ports/session.js";
import type { JobId, JobMeta, JobRef } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import type { Duration } from "../rules/duration.js";
import type { EnqueueOptions } from "../client/enqueue-options.js";
import type { Task } from "./task.js";
import type { ParamsAt, TaskPath } from "./task-types.js";

/** Where a job's log lines go: the worker's log stream, and the job's own log where MongoDB keeps it. */
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
  /**
   * Another queue, of any mode, ordered as the job's own. The unique key goes along, unless it is another's there. Default:
   * the job's own.
   */
  readonly queue?: string;
  /** Default: as it is. */
  readonly priority?: number;
  /** Why: kept in the history of attempts. */
  readonly error?: unknown;
}

/** What a run may say of a job that it enqueues. */
export interface SubJobOptions extends EnqueueOptions {
  /**
   * A name, unique among what this job enqueues: however often the job runs, it makes one job of it. (In a no-storage
   * queue as long as that job is not over.)
   */
  readonly once?: string;
}

/** Options of many jobs that a run enqueues: the same for all, or made for each. */
export type ManySubJobOptions<P> = EnqueueOptions | ((params: P, index: number) => SubJobOptions);

/** A job that a run enqueued. */
export interface SubJob extends JobRef {
  /** `false`: the unique key was taken; this is the living job that has it. */
  readonly created: boolean;
}

export interface MapOptions {
  /** Items at a time; 0 or 1: one after the other. Default: 10. */
  readonly concurrency?: number;
}

/** What is done with one item; the signal is aborted when the others are to stop, too. */
export type MapFunction<T, R> = (item: T, index: number, signal: AbortSignal) => R | Promise<R>;

/** The job as its own task sees it: second argument of a task, and `currentJob()` anywhere below it. */
export interface JobContext {
  readonly id: JobId;
  /** Stable over all attempts and deliveries, and unique to this job: give it to whatever must act only once. */
  readonly idempotencyKey: string;
  readonly path: string;
  readonly queue: string;
  /** As they were enqueued: before a schema made something else of them. */
  readonly params: JsonObject;
  /** The job whose run enqueued this one. */
  readonly parent?: JobId | undefined;
  /** What middleware gave the job on its way; empty when there is nothing. */
  readonly meta: JobMeta;
  /** This run, from 1. */
  readonly attempt: number;
  /** Runs that the task may end. */
  readonly attempts: number;
  /** Claims of this job, this one included: more than `attempt` after a lost delivery. */
  readonly deliveries: number;
  /** Aborted when the run's timeout is over, the worker must stop, or the job is cancelled. */
  readonly signal: AbortSignal;
  readonly log: JobLog;
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

  /**
   * In a queue of kind `timed`: the entry stays, and comes due at this date, or so long after the run's end; `false`: it
   * goes, whatever the queue's rule says. An enqueue of the same key while the job runs counts more than both.
   *
   * @throws NotSupportedError in a queue of another kind
   */
  again(when: Date | Duration | false): void;

  /**
   * Tells how far the run is: a share from 0 to 1, or a JSON object. Stored about twice a second, the last one for good;
   * of a no-storage job it is seen in its worker's report only.
   *
   * @throws InvalidParamsError when the value is something else, does not survive JSON, or is over 16 kB
   */
  progress(value: number | JsonObject): Promise<void>;

  /**
   * Adds a job, whose `parent` this one is. Resolves when the store has it.
   * @throws as `client.enqueue`
   */
  enqueue<P extends object, R>(task: Task<P, R, never>, params: NoInfer<P>, options?: SubJobOptions): Promise<SubJob>;
  enqueue<Path extends TaskPath>(path: Path, params: ParamsAt<Path>, options?: SubJobOptions): Promise<SubJob>;
  /**
   * Adds a list of jobs, in order, with few calls to the store. All are checked before the first is added. Options are the
   * same for all, or made for each; only then may they name `once` and `id`.
   * @throws as `client.enqueueMany`
   */
  enqueueMany<P extends object, R>(
    task: Task<P, R, never>,
    list: readonly NoInfer<P>[],
    options?: ManySubJobOptions<P>,
  ): Promise<SubJob[]>;
  enqueueMany<Path extends TaskPath>(
    path: Path,
    list: readonly ParamsAt<Path>[],
    options?: ManySubJobOptions<ParamsAt<Path>>,
  ): Promise<SubJob[]>;

  /**
   * One action of a sliding window that all workers share: how many were still free, this one included. 0: none was, and
   * nothing was counted; it is the task's to wait, to give up or to snooze.
   *
   * @param limit most actions in any time of length `per`
   */
  rateLimit(key: string, limit: number, per: Duration): Promise<number>;

  /**
   * Calls `fn` for every item, some at a time, and returns the results in the order of the items. When one call fails or
   * the job's signal is aborted, no further one begins; those under way are waited for; then the first error, or the
   * signal's reason, is thrown.
   */
  map<T, R>(items: Iterable<T> | AsyncIterable<T>, fn: MapFunction<T, R>, options?: MapOptions): Promise<R[]>;
  /** As {@link map}, but gives each result as soon as it and all before it are there. Leaving the loop ends it. */
  stream<T, R>(
    items: Iterable<T> | AsyncIterable<T>,
    fn: MapFunction<T, R>,
    options?: MapOptions,
  ): AsyncGenerator<R, void>;
}
