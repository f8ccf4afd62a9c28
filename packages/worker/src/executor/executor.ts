import { JobAbortedError, JobTimeoutError, type FailureOutcome, type Json, type Outcome, endsJob } from "@tandemq/core";
import { currentJob, runInJob } from "../current-job.js";
import type { AbortReason, Assignment, Ended } from "./assignment.js";
import { withAgain } from "./again.js";
import { type Ending, classify, refused } from "./classify.js";
import { computeLimitKeys } from "./compute-limit-keys.js";
import type { Execution } from "./execution.js";
import { Limits } from "./limits.js";
import { LoopClock } from "./loop-clock.js";
import { Roster } from "../roster.js";
import { parseParams } from "./parse-params.js";
import { type TaskSource, resolveTask } from "./resolve-task.js";
import { callOnFailed, hookLimit, isFailure } from "./failure-hook.js";
import { RunContext, type RunSink } from "./run-context.js";
import { runSettings, softLimit } from "./run-settings.js";
import { type SendJobs, SubJobs } from "./sub-jobs.js";

export interface ExecutorListener extends RunSink {
  ended(ended: Ended, job: Assignment): void;
  progress(n: number, value: Json, job: Assignment): void;
  /** Runs enqueue these jobs. */
  readonly enqueue: SendJobs;
  /** The run goes on `killAfter` ms after its signal was aborted: whoever owns the process must act. */
  stuck(execution: Execution): void;
  /** A run gets the thread for the first time. */
  entered?(execution: Execution, killAt: number): void;
  /** The run that held the thread during the freeze that is just over, where that is known. */
  holder?(): number | undefined;
}

/** Runs task code: resolve task, parse params, start limits, run, classify the outcome, finish. */
export class Executor {
  readonly #tasks: TaskSource;
  readonly #killAfter: number;
  readonly #listener: ExecutorListener;
  readonly #running: Roster<Execution> = new Roster();
  readonly #clock: LoopClock = new LoopClock((frozen) => this.#charge(frozen));
  readonly #limits: Limits;
  readonly #subJobs: SubJobs;
  readonly #beat: NodeJS.Timeout;
  #current: Execution | undefined;

  constructor(tasks: TaskSource, killAfter: number, listener: ExecutorListener) {
    this.#tasks = tasks;
    this.#killAfter = killAfter;
    this.#listener = listener;
    this.#subJobs = new SubJobs((jobs) => listener.enqueue(jobs), tasks);
    this.#limits = new Limits(this.#running, this.#clock, {
      expired: (execution) => this.#stop(execution, "timeout", new JobTimeoutError(softLimit(execution.settings))),
      stuck: (execution) => this.#stuck(execution),
    });
    this.#beat = setInterval(() => this.#clock.now(), 250).unref();
  }

  get size(): number {
    return this.#running.size;
  }

  run(job: Assignment): void {
    const execution = newExecution(job, this.#clock);
    this.#running.add(execution);
    if (job.failure) return this.#tellOnly(execution, job.failure);
    try {
      resolveTask(execution, this.#tasks);
      parseParams(execution);
      const limitKeys = computeLimitKeys(execution);
      if (limitKeys) return this.#finish(execution, { n: job.n, outcome: { status: "interrupt", limitKeys } });
      this.#startLimits(execution);
    } catch (error) {
      return this.#conclude(execution, refused(error));
    }
    this.#start(execution);
  }

  /** Aborts the signals of these runs; the ones that have ended are left out. */
  abort(ns: readonly number[], reason: AbortReason): void {
    for (const n of ns) {
      const execution = this.#find(n);
      if (execution) this.#stop(execution, reason, new JobAbortedError(abortMessages[reason]));
    }
  }

  /** Ends a run from outside: its slot is free, whatever its code still does. */
  abandon(execution: Execution): void {
    this.#end(execution, { value: undefined });
  }

  close(): void {
    clearInterval(this.#beat);
    this.#limits.close();
  }

  /** Number of the run that the calling code belongs to; 0 when that run is over; `undefined` when it belongs to none. */
  static blame(): number | undefined {
    const execution = RunContext.executionOf(currentJob());
    return execution && (execution.over ? 0 : execution.job.n);
  }

  /** The run that the calling code belongs to and the real time of its hard limit; 0 = none. */
  static holder(): [n: number, killAt: number] {
    const execution = RunContext.executionOf(currentJob());
    return execution && !execution.over ? [execution.job.n, execution.clock.real(execution.killAt)] : [0, 0];
  }

  #find(n: number): Execution | undefined {
    return this.#running.find(({ job }) => job.n === n);
  }

  #startLimits(execution: Execution): void {
    const { settings } = execution;
    const now = this.#clock.now();
    execution.deadline = now + softLimit(settings);
    execution.killAt = now + (settings.hardTimeout ?? settings.timeout + this.#killAfter);
    this.#limits.watch(execution);
  }

  #start(execution: Execution): void {
    const { task, params } = execution;
    if (!task || !params) return;
    const context = new RunContext(execution, this.#listener, this.#subJobs);
    execution.context = context;
    this.#current = execution;
    this.#listener.entered?.(execution, execution.clock.real(execution.killAt));
    try {
      const value = runInJob(context, task.run, params, context);
      if (isThenable(value)) this.#follow(execution, value);
      else this.#end(execution, { value });
    } catch (thrown) {
      this.#end(execution, { thrown });
    }
    this.#current = undefined;
  }

  #follow(execution: Execution, value: PromiseLike<unknown>): void {
    value.then(
      (result) => this.#end(execution, { value: result }),
      (thrown: unknown) => this.#end(execution, { thrown }),
    );
  }

  #end(execution: Execution, ending: Ending): void {
    if (execution.ended) return;
    this.#current ??= execution;
    const late = this.#clock.now() >= execution.deadline;
    this.#current = undefined;
    if (late) execution.stop ??= "timeout";
    this.#conclude(execution, withAgain(execution, classify(execution, ending)));
  }

  #conclude(execution: Execution, outcome: Outcome | undefined): void {
    execution.ended = true;
    const ended = endedOf(execution, outcome);
    const told = outcome && isFailure(outcome) ? this.#tell(execution, outcome) : undefined;
    if (told) void told.then(() => this.#finish(execution, { ...ended, told: true }));
    else this.#finish(execution, ended);
  }

  /** Calls the task's `onFailed`. `undefined`: it has none. */
  #tell(execution: Execution, failure: FailureOutcome): Promise<void> | undefined {
    const { task, clock } = execution;
    if (!task?.onFailed) return undefined;
    execution.context ??= new RunContext(execution, this.#listener, this.#subJobs);
    execution.killAt = clock.now() + hookLimit + this.#killAfter;
    this.#listener.entered?.(execution, clock.real(execution.killAt));
    return callOnFailed(task.onFailed, failure, execution.context);
  }

  /** Its job ended elsewhere; params that cannot be read are left out. */
  #tellOnly(execution: Execution, failure: FailureOutcome): void {
    execution.ended = true;
    try {
      resolveTask(execution, this.#tasks);
      parseParams(execution);
    } catch {
      execution.params ??= {};
    }
    const finish = () => this.#finish(execution, { n: execution.job.n, outcome: { status: "success" }, told: true });
    void (this.#tell(execution, failure) ?? Promise.resolve()).then(finish);
  }

  #finish(execution: Execution, ended: Ended): void {
    execution.ended = true;
    execution.over = true;
    this.#running.delete(execution);
    this.#listener.ended(ended, execution.job);
  }

  #stop(execution: Execution, why: AbortReason | "timeout", error: Error): void {
    if (execution.stop === undefined || why === "lost" || why === "cancel") execution.stop = why;
    const ownLimit = why === "timeout" && execution.settings.hardTimeout !== undefined;
    if (!ownLimit) execution.killAt = Math.min(execution.killAt, this.#clock.now() + this.#killAfter);
    this.#limits.watch(execution);
    execution.context?.stop(error);
  }

  #stuck(execution: Execution): void {
    execution.stuck = true;
    execution.hard = execution.stop === "timeout" && execution.settings.hardTimeout !== undefined;
    this.#listener.stuck(execution);
  }

  /** A freeze costs the run that held the thread, and nobody else. */
  #charge(frozen: number): void {
    const n = this.#listener.holder?.();
    const holder = (n === undefined ? undefined : this.#find(n)) ?? this.#current;
    if (!holder) return;
    holder.deadline -= frozen;
    holder.killAt -= frozen;
    this.#limits.watch(holder);
  }
}

const abortMessages: Readonly<Record<AbortReason, string>> = {
  cancel: "the job was cancelled",
  stop: "the worker is shutting down; the job is given back",
  lost: "the job's lease was lost: another delivery owns it now",
};

/** Until the task is known. */
const defaultSettings = runSettings({});

/** With all that every run has, so that all executions are alike to the machine. */
function newExecution(job: Assignment, clock: LoopClock): Execution {
  return {
    job,
    clock,
    task: undefined,
    params: undefined,
    settings: defaultSettings,
    context: undefined,
    deadline: Number.POSITIVE_INFINITY,
    killAt: Number.POSITIVE_INFINITY,
    stop: undefined,
    ended: false,
    over: false,
    place: -1,
  };
}

function endedOf({ job: { n }, task }: Execution, outcome: Outcome | undefined): Ended {
  if (!outcome) return { n };
  if (!task || !endsJob(outcome)) return { n, outcome };
  const { keepResults, keepFailures } = task.settings;
  const keep = outcome.status === "success" ? keepResults : keepFailures;
  return keep === undefined ? { n, outcome } : { n, outcome, keep };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
