import {
  type Completion,
  type TransactionSession,
  type Duration,
  type JobContext,
  type JobLog,
  type RetryRequest,
  type JobMeta,
  type Json,
  type JsonObject,
  type ManySubJobOptions,
  type MapFunction,
  type MapOptions,
  type SubJob,
  type SubJobOptions,
  type TaskName,
} from "@tandemq/core";
import { completeRun } from "./complete.js";
import { type Again, setAgain } from "./again.js";
import type { Assignment } from "./assignment.js";
import type { Execution } from "./execution.js";
import { checkProgress } from "./check-progress.js";
import { type LogSink, jobLog } from "./job-log.js";
import { askAbort, askRetry, askSnooze } from "./run-request.js";
import { mapItems, streamItems } from "./map-items.js";
import { type TakeAction, takeAction } from "./take-action.js";
import type { SubJobs } from "./sub-jobs.js";

/** Where a run's words go while it runs. */
export interface RunSink extends LogSink {
  progress(n: number, value: Json, job: Assignment): void;
  /** Asks a limit for one action. */
  readonly take: TakeAction;
  /** How a job is completed within a transaction, where that is possible. */
  readonly completion?: Completion | undefined;
}

const none: JobMeta = Object.freeze({});

/** The job as its task sees it. Signal and log are made when first asked for: most runs need neither. */
export class RunContext implements JobContext {
  readonly #execution: Execution;
  readonly #sink: RunSink;
  readonly #subJobs: SubJobs;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  #log: JobLog | undefined;

  constructor(execution: Execution, sink: RunSink, subJobs: SubJobs) {
    this.#execution = execution;
    this.#sink = sink;
    this.#subJobs = subJobs;
  }

  get id(): string {
    return this.#execution.job.id;
  }

  get idempotencyKey(): string {
    return this.#execution.job.id;
  }

  get params(): JsonObject {
    return this.#execution.params ?? {};
  }

  get parent(): string | undefined {
    return this.#execution.job.parent;
  }

  get meta(): JobMeta {
    return this.#execution.job.meta ?? none;
  }

  get path(): string {
    return this.#execution.job.path;
  }

  get queue(): string {
    return this.#execution.job.queue;
  }

  get attempt(): number {
    return this.#execution.job.attempt;
  }

  get attempts(): number {
    return this.#execution.settings.attempts;
  }

  get deliveries(): number {
    return this.#execution.job.deliveries;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#reason) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get log(): JobLog {
    this.#log ??= jobLog(this.#execution, this.#sink);
    return this.#log;
  }

  async progress(value: number | JsonObject): Promise<void> {
    checkProgress(value);
    const { ended, job } = this.#execution;
    if (!ended) this.#sink.progress(job.n, value, job);
  }

  retry(request?: RetryRequest): never {
    return askRetry(this.#execution, request);
  }

  snooze(delay: Duration): never {
    return askSnooze(this.#execution, delay);
  }

  abort(reason?: string): never {
    return askAbort(this.#execution, reason);
  }

  complete(session: TransactionSession, result?: unknown): Promise<void> {
    return completeRun(this.#execution, this.#sink.completion, session, result);
  }

  enqueue(task: TaskName, params: object, options: SubJobOptions = {}): Promise<SubJob> {
    return this.#subJobs.enqueue(this.#execution.job, task, params, options);
  }

  enqueueMany<P extends object>(
    task: TaskName,
    list: readonly P[],
    options: ManySubJobOptions<P> = {},
  ): Promise<SubJob[]> {
    return this.#subJobs.enqueueMany(this.#execution.job, task, list, options);
  }

  rateLimit(key: string, max: number, per: Duration): Promise<number> {
    return takeAction((action) => this.#sink.take(action), key, max, per);
  }

  map<T, R>(items: Iterable<T> | AsyncIterable<T>, fn: MapFunction<T, R>, options: MapOptions = {}): Promise<R[]> {
    return mapItems(this, items, fn, options);
  }

  stream<T, R>(
    items: Iterable<T> | AsyncIterable<T>,
    fn: MapFunction<T, R>,
    options: MapOptions = {},
  ): AsyncGenerator<R, void> {
    return streamItems(this, items, fn, options);
  }

  again(when: Again): void {
    setAgain(this.#execution, when);
  }

  /** Aborts the signal, now or when it is first asked for. */
  stop(reason: Error): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }

  /** The run this is the context of: how a process that fails finds the one to blame. */
  static executionOf(context: JobContext | undefined): Execution | undefined {
    return context && #execution in context ? context.#execution : undefined;
  }
}
