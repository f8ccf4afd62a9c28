import type { Completion, Json, NewJob } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import { type AbortReason, type Assignment, type Ended, type LogLine, assignmentHere } from "../executor/assignment.js";
import type { Execution } from "../executor/execution.js";
import { Executor, type ExecutorListener } from "../executor/executor.js";
import { refuseChildTasks } from "./needs-children.js";
import type { Action, TakeAnswer } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import { importTasks } from "../tasks/load-tasks.js";
import type { ChildReport, ExecutorPool, PoolListener } from "./executor-pool.js";
import type { TaskFiles } from "./task-files.js";

const none: readonly Delivery[] = [];

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
  readonly children: readonly ChildReport[] = [];
  readonly ahead: number = Number.POSITIVE_INFINITY;
  #executor: Executor | undefined;
  /** Jobs that were handed over and have not begun: those before them may end while they wait. */
  #waiting = 0;

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
    return this.#executor ? this.#options.slots - this.#executor.size - this.#waiting : 0;
  }

  get room(): number {
    return this.free;
  }

  /** Nothing waits here. */
  get waiting(): number {
    return 0;
  }

  release(): void {}

  get busy(): number {
    return this.#executor?.size ?? 0;
  }

  run(deliveries: readonly Delivery[]): readonly Delivery[] {
    const count = Math.min(deliveries.length, Math.max(0, this.free));
    this.#waiting += count;
    for (let i = 0; i < count; i++) {
      this.#waiting--;
      this.#executor?.run(assignmentHere(deliveries[i] as Delivery));
    }
    return count === deliveries.length ? none : deliveries.slice(count);
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

  ended({ outcome, keep, told }: Ended, { delivery }: Assignment): void {
    if (!delivery) return;
    if (told) delivery.told = true;
    this.#options.listener.ended(delivery, outcome, keep);
    this.#options.listener.freed();
  }

  progress(_: number, value: Json, { delivery }: Assignment): void {
    if (delivery) this.#options.listener.progress(delivery, value);
  }

  enqueue(jobs: readonly NewJob[]): Promise<readonly SubJobAnswer[]> {
    return this.#options.listener.enqueue(jobs);
  }

  take(action: Action): Promise<TakeAnswer> {
    return this.#options.listener.take(action);
  }

  log(line: LogLine, { delivery }: Assignment): void {
    if (delivery) this.#options.listener.log(delivery, line);
  }

  /** No process can be ended for it: the slot is freed, and the code goes on until it ends by itself. */
  stuck(execution: Execution): void {
    const { delivery } = execution.job;
    this.#executor?.abandon(execution);
    if (delivery) this.#options.listener.abandoned(delivery);
  }
}
