import {
  type Completion,
  type TransactionSession,
  type Duration,
  type JobContext,
  type JobLog,
  type Json,
  type RetryRequest,
  InvalidParamsError,
  findJsonFault,
} from "@tandemq/core";
import { completeRun } from "./complete.js";
import type { Execution } from "./execution.js";
import { type LogSink, jobLog } from "./job-log.js";
import { askAbort, askRetry, askSnooze } from "./run-request.js";

/** Where a run's words go while it runs. */
export interface RunSink extends LogSink {
  progress(n: number, value: Json): void;
  /** How a job is completed within a transaction, where that is possible. */
  readonly completion?: Completion | undefined;
}

/** The job as its task sees it. Signal and log are made when first asked for: most runs need neither. */
export class RunContext implements JobContext {
  readonly #execution: Execution;
  readonly #sink: RunSink;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  #log: JobLog | undefined;

  constructor(execution: Execution, sink: RunSink) {
    this.#execution = execution;
    this.#sink = sink;
  }

  get id(): string {
    return this.#execution.job.id;
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
    this.#log ??= jobLog(this.#execution.job.n, this.#sink);
    return this.#log;
  }

  async progress(value: Json): Promise<void> {
    const fault = findJsonFault(value, "progress");
    if (fault) throw new InvalidParamsError(`${fault}: progress must survive JSON and BSON`);
    if (!this.#execution.ended) this.#sink.progress(this.#execution.job.n, value);
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
