import { type Completion, type Json, toJobError, type NewJob } from "@tandemq/core";
import type { Assignment, Ended } from "../executor/assignment.js";
import { classify } from "../executor/classify.js";
import { Executor, type ExecutorListener } from "../executor/executor.js";
import type { Execution } from "../executor/execution.js";
import type { Action, TakeAnswer } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import type { ToChild, WireJob } from "../pools/messages.js";
import { importTasks } from "../tasks/load-tasks.js";
import type { Outbox } from "./outbox.js";
import { field } from "./shared-state.js";

/** Does in a child what the supervisor says. */
export class ChildRunner implements ExecutorListener {
  readonly #outbox: Outbox;
  readonly #shared: Float64Array;
  readonly #calls = new Map<number, (answers: readonly SubJobAnswer[]) => void>();
  readonly #taking = new Map<number, (answer: TakeAnswer) => void>();
  #lastCall = 0;
  #executor: Executor | undefined;
  completion: Completion | undefined;

  constructor(outbox: Outbox, shared: Float64Array) {
    this.#outbox = outbox;
    this.#shared = shared;
  }

  receive(message: ToChild, body: string): void {
    switch (message.t) {
      case "load":
        return void this.#load(message);
      case "run":
        return this.#run(message.jobs, body);
      case "abort":
        return this.#executor?.abort(message.ns, message.reason);
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

  async #load({ files, cwd, setup, killAfter, faults, completion }: Extract<ToChild, { t: "load" }>): Promise<void> {
    this.completion = completion;
    try {
      const tasks = await importTasks(files, cwd, setup, (file) => this.#outbox.send({ t: "importing", file }));
      tasks.faults.push(...faults);
      this.#executor = new Executor(tasks, killAfter, this);
      this.#outbox.send({ t: "ready", catalog: tasks.catalog(), faults: tasks.faults });
    } catch (error) {
      this.#outbox.send({ t: "unusable", error: toJobError(error) });
    }
  }

  #run(jobs: readonly WireJob[], body: string): void {
    let at = 0;
    for (const job of jobs) {
      const params = body.slice(at, (at += job.length));
      this.#executor?.run(assignment(job, params));
    }
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

function assignment({ length: _, ...job }: WireJob, params: string): Assignment {
  return { ...job, params };
}
