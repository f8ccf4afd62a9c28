import { Enqueuer, type Json, type NewJob, type Outcome, toJobError } from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import type { Emitter, WorkerEvents } from "../../events.js";
import type { LogLine } from "../../executor/assignment.js";
import type { SubJobAnswer } from "../../executor/sub-jobs.js";
import type { Action, TakeAnswer } from "../../executor/take-action.js";
import type { WorkerSettings } from "../../options.js";
import type { Blocked, ChildEnd, PoolListener } from "../../pools/executor-pool.js";
import type { Catalog, TaskFault } from "../../tasks/task-registry.js";
import { LogKeeper } from "./log-keeper.js";
import { PoolLog } from "./pool-log.js";
import { ProgressKeeper } from "./progress-keeper.js";
import type { Redaction } from "./redaction.js";

export interface PoolDeskOptions {
  readonly settings: WorkerSettings;
  readonly events: Emitter<WorkerEvents>;
  readonly redaction: Redaction;
  readonly state: () => string;
  readonly onEnd: PoolListener["ended"];
  readonly onFree: () => void;
  readonly onCatalog: (catalog: Catalog) => void;
  readonly onError: (error: unknown) => void;
}

/** Takes what pools tell and ask: writes it down, passes it on, answers for the runs' jobs and limits. */
export class PoolDesk implements PoolListener {
  readonly #options: PoolDeskOptions;
  readonly #log: PoolLog;
  readonly #progress: ProgressKeeper;
  readonly #enqueuer: Enqueuer;
  readonly #casualties = { killed: 0, lost: 0 };
  #logs: LogKeeper | undefined;

  constructor(options: PoolDeskOptions) {
    const { logger, deployment } = options.settings;
    this.#options = options;
    this.#log = new PoolLog(logger);
    this.#progress = new ProgressKeeper(logger, options.onError);
    this.#enqueuer = new Enqueuer(deployment);
  }

  /** The stores are there. */
  open(): void {
    const { settings, onError } = this.#options;
    this.#logs = new LogKeeper(settings.deployment.logs, settings.logger, onError);
  }

  /** Resolves when what was told is written. */
  async close(): Promise<void> {
    await Promise.all([this.#logs?.stop(), this.#progress.stop()]);
  }

  /** What befell running jobs since the worker began to stop. */
  casualties(): { killed: number; lost: number } {
    return { ...this.#casualties };
  }

  ended(delivery: Delivery, outcome: Outcome | undefined, keep: number | undefined): void {
    this.#options.onEnd(delivery, outcome, keep);
  }

  /** No line of the run follows. */
  logEnded(delivery: Delivery, outcome: Outcome | undefined): void {
    this.#logs?.ended(delivery, outcome);
  }

  progress(delivery: Delivery, value: Json): void {
    this.#progress.note(delivery, this.#options.redaction.progress(delivery, value));
  }

  log(delivery: Delivery, line: LogLine): void {
    const shown = this.#options.redaction.line(delivery, line);
    this.#log.job(delivery, shown);
    this.#logs?.add(delivery, shown);
  }

  async take({ key, max, per }: Action): Promise<TakeAnswer> {
    try {
      return { free: await this.#options.settings.deployment.limiter.take(`action ${key}`, max, per) };
    } catch (error) {
      return { error: toJobError(error) };
    }
  }

  async enqueue(jobs: readonly NewJob[]): Promise<readonly SubJobAnswer[]> {
    try {
      const answers = await this.#enqueuer.add(jobs);
      return answers.map((answer) => (answer.state === "refused" ? { error: toJobError(answer.error) } : answer));
    } catch (error) {
      return jobs.map(() => ({ error: toJobError(error) }));
    }
  }

  freed(): void {
    this.#options.onFree();
  }

  loaded(catalog: Catalog, faults: readonly TaskFault[]): void {
    this.#options.onCatalog(catalog);
    if (Object.keys(catalog).length === 0 && this.#options.state() === "starting") this.#log.noTasks();
    for (const fault of this.#log.faults(faults)) this.#options.events.emit("taskFault", fault);
  }

  abandoned(delivery: Delivery): void {
    this.#log.abandoned(delivery);
    if (this.#stopping) this.#casualties.killed++;
  }

  childEnded(end: ChildEnd): void {
    if (this.#stopping) this.#casualties[end.intended ? "killed" : "lost"] += end.running.length;
    this.#log.childEnd(this.#options.redaction.childEnd(end));
    this.#options.events.emit("childEnd", end);
  }

  blocked(pid: number, blocked: Blocked): void {
    this.#log.blocked(pid, blocked);
    this.#options.events.emit("blocked", pid, blocked);
  }

  get #stopping(): boolean {
    return this.#options.state() === "stopping";
  }
}
