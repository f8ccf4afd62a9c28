import type { Completion, Json, NewJob } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import { type AbortReason, type Ended, type LogLine, assignmentHead } from "../executor/assignment.js";
import type { Execution } from "../executor/execution.js";
import { Executor, type ExecutorListener } from "../executor/executor.js";
import { refuseChildTasks } from "./needs-children.js";
import type { Action, TakeAnswer } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import { importTasks } from "../tasks/load-tasks.js";
import type { ChildReport, ExecutorPool, PoolListener } from "./executor-pool.js";
import type { TaskFiles } from "./task-files.js";

export interface InlinePoolOptions {
  readonly files: TaskFiles;
  readonly slots: number;
  readonly killAfter: number;
  readonly listener: PoolListener;
  readonly completion?: Completion | undefined;
}

/** Runs jobs inside this process: for debugging, and inside a service of the user's. */
export class InlinePool implements ExecutorPool, ExecutorListener {
  readonly #options: InlinePoolOptions;
  readonly #running = new Map<number, Delivery>();
  readonly children: readonly ChildReport[] = [];
  #executor: Executor | undefined;

  constructor(options: InlinePoolOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { files, killAfter, listener } = this.#options;
    const tasks = await importTasks(await files.list(), files.cwd, files.setup);
    refuseChildTasks(tasks.catalog());
    this.#executor = new Executor(tasks, killAfter, this);
    listener.loaded(tasks.catalog(), tasks.faults);
  }

  get completion(): Completion | undefined {
    return this.#options.completion;
  }

  get free(): number {
    return this.#executor ? this.#options.slots - this.#running.size : 0;
  }

  get busy(): number {
    return this.#running.size;
  }

  run(deliveries: readonly Delivery[]): readonly Delivery[] {
    const taken = deliveries.slice(0, Math.max(0, this.free));
    for (const delivery of taken) this.#running.set(delivery.n, delivery);
    for (const delivery of taken) {
      this.#executor?.run({ ...assignmentHead(delivery), params: delivery.claim.params });
    }
    return deliveries.slice(taken.length);
  }

  abort(deliveries: readonly Delivery[], reason: AbortReason): void {
    this.#executor?.abort(
      deliveries.map(({ n }) => n),
      reason,
    );
  }

  /** There is no process to end: the limit of the run itself frees its slot. */
  kill(): void {}

  async stop(): Promise<void> {
    this.#executor?.close();
    this.#executor = undefined;
  }

  ended({ n, outcome, keep, told }: Ended): void {
    const delivery = this.#running.get(n);
    if (!delivery) return;
    this.#running.delete(n);
    if (told) delivery.told = true;
    this.#options.listener.ended(delivery, outcome, keep);
    this.#options.listener.freed();
  }

  progress(n: number, value: Json): void {
    const delivery = this.#running.get(n);
    if (delivery) this.#options.listener.progress(delivery, value);
  }

  enqueue(jobs: readonly NewJob[]): Promise<readonly SubJobAnswer[]> {
    return this.#options.listener.enqueue(jobs);
  }

  take(action: Action): Promise<TakeAnswer> {
    return this.#options.listener.take(action);
  }

  log(line: LogLine): void {
    const delivery = this.#running.get(line.n);
    if (delivery) this.#options.listener.log(delivery, line);
  }

  /** No process can be ended for it: the slot is freed, and the code goes on until it ends by itself. */
  stuck(execution: Execution): void {
    const delivery = this.#running.get(execution.job.n);
    this.#executor?.abandon(execution);
    if (delivery) this.#options.listener.abandoned(delivery);
  }
}
