import { AsyncResource } from "node:async_hooks";
import { type Completion, type Json, toJobError, type NewJob } from "@tandemq/core";
import type { AbortReason, Assignment, Ended } from "../executor/assignment.js";
import { classify } from "../executor/classify.js";
import { Executor, type ExecutorListener } from "../executor/executor.js";
import type { Execution } from "../executor/execution.js";
import { stoppedBefore } from "../executor/not-begun.js";
import type { Action, TakeAnswer } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import type { ToChild, WireGroup } from "../pools/messages.js";
import { Gate } from "./gate.js";
import { JobLine } from "./job-line.js";
import { readJobs } from "./read-jobs.js";
import { importTasks } from "../tasks/load-tasks.js";
import type { Outbox } from "./outbox.js";
import { field } from "./shared-state.js";

/** Does in a child what the supervisor says. */
export class ChildRunner implements ExecutorListener {
  readonly #outbox: Outbox;
  readonly #shared: Float64Array;
  readonly #gate: Gate;
  readonly #line = new JobLine();
  readonly #unwanted = new Map<number, AbortReason>();
  readonly #calls = new Map<number, (answers: readonly SubJobAnswer[]) => void>();
  readonly #taking = new Map<number, (answer: TakeAnswer) => void>();
  #lastCall = 0;
  #executor: Executor | undefined;
  #slots = 0;
  completion: Completion | undefined;

  constructor(outbox: Outbox, { fields, gate }: { readonly fields: Float64Array; readonly gate: Int32Array }) {
    this.#outbox = outbox;
    this.#shared = fields;
    this.#gate = new Gate(gate);
    // Batches are sent in the async context of the run that ended first: the next runs are none of its.
    outbox.onSent = AsyncResource.bind(() => this.#begin());
  }

  receive(message: ToChild, body: string): void {
    switch (message.t) {
      case "load":
        return void this.#load(message);
      case "run":
        return this.#run(message.groups, body);
      case "abort":
        return this.#abort(message.ns, message.reason);
      case "reopen":
        return this.#reopen();
      case "enqueued":
        this.#calls.get(message.call)?.(message.answers);
        return void this.#calls.delete(message.call);
      case "taken":
        this.#taking.get(message.call)?.(message.answer);
        return void this.#taking.delete(message.call);
      case "close":
        process.exit(0);
    }
  }

  async #load(message: Extract<ToChild, { t: "load" }>): Promise<void> {
    const { files, cwd, setup, killAfter, slots, faults, completion } = message;
    this.completion = completion;
    this.#slots = slots;
    try {
      const tasks = await importTasks(files, cwd, setup, (file) => this.#outbox.send({ t: "importing", file }));
      tasks.faults.push(...faults);
      this.#executor = new Executor(tasks, killAfter, this);
      this.#outbox.send({ t: "ready", catalog: tasks.catalog(), faults: tasks.faults });
    } catch (error) {
      this.#outbox.send({ t: "unusable", error: toJobError(error) });
    }
  }

  #run(groups: readonly WireGroup[], body: string): void {
    this.#line.add(readJobs(groups, body));
    this.#begin();
  }

  /**
   * Begins what waits, as far as there are slots. A slot is free when the supervisor was told so: if this process dies, it
   * knows which jobs had not begun.
   */
  #begin(): void {
    while (this.#line.size > 0 && this.#hasSlot && this.#gate.pass()) this.#beginOne(this.#line.take());
  }

  get #hasSlot(): boolean {
    return this.#executor !== undefined && this.#executor.size + this.#outbox.unsent < this.#slots;
  }

  #beginOne(job: Assignment | undefined): void {
    if (!job) return;
    const reason = this.#unwanted.size > 0 ? this.#unwanted.get(job.n) : undefined;
    if (reason === undefined) return this.#executor?.run(job);
    this.#unwanted.delete(job.n);
    const outcome = stoppedBefore(reason);
    this.ended({ n: job.n, ...(outcome ? { outcome } : {}) });
  }

  #abort(ns: readonly number[], reason: AbortReason): void {
    for (const n of ns) if (this.#line.has(n)) this.#unwanted.set(n, reason);
    this.#executor?.abort(ns, reason);
  }

  #reopen(): void {
    this.#line.clear();
    this.#unwanted.clear();
    this.#gate.open();
    this.#outbox.send({ t: "reopened" });
  }

  ended(ended: Ended): void {
    this.#outbox.ended(ended);
  }

  enqueue(jobs: readonly NewJob[]): Promise<readonly SubJobAnswer[]> {
    const call = ++this.#lastCall;
    return new Promise((resolve) => {
      this.#calls.set(call, resolve);
      this.#outbox.send({ t: "enqueue", call, jobs });
    });
  }

  take(action: Action): Promise<TakeAnswer> {
    const call = ++this.#lastCall;
    return new Promise((resolve) => {
      this.#taking.set(call, resolve);
      this.#outbox.send({ t: "take", call, action });
    });
  }

  log(line: Parameters<ExecutorListener["log"]>[0]): void {
    this.#outbox.log(line);
  }

  progress(n: number, value: Json): void {
    this.#outbox.progress(n, value);
  }

  stuck(execution: Execution): void {
    const outcome = classify(execution, { value: undefined });
    this.#outbox.send({ t: "stuck", n: execution.job.n, ...(outcome ? { outcome } : {}) });
  }

  entered({ job }: Execution, killAt: number): void {
    this.#shared[field.entered] = job.n;
    this.#shared[field.enteredKillAt] = killAt;
  }

  holder(): number | undefined {
    const n = this.#shared[field.holder] ?? 0;
    this.#shared[field.holder] = 0;
    return n > 0 ? n : undefined;
  }
}
