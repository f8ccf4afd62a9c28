import { type Completion, type Json, type Outcome, TaskLoadError, type NewJob } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { LogLine } from "../executor/assignment.js";
import { timedOut } from "../executor/classify.js";
import { notBegun } from "../executor/not-begun.js";
import { runSettings } from "../executor/run-settings.js";
import type { Action, TakeAnswer } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import { backoff } from "../supervisor/waiting/backing-off.js";
import type { Catalog } from "../tasks/task-registry.js";
import { Child } from "./child.js";
import type { ChildListener } from "./child-listener.js";
import { takeChild } from "./early-child.js";
import { endOutcomes } from "./end-outcomes.js";
import type { Blocked, ChildEnd, PoolListener } from "./executor-pool.js";
import type { FromChild } from "./messages.js";
import type { TaskFiles } from "./task-files.js";

/** So many starts in a row may fail before the first success; then the pool's start fails. */
const maxFailedStarts = 4;

export interface CrewOptions {
  readonly files: TaskFiles;
  /** Jobs at a time in one child. */
  readonly slots: number;
  readonly killAfter: number;
  readonly listener: PoolListener;
  readonly completion?: Completion | undefined;
}

/** What the pool that owns a crew wants to hear. */
export interface CrewOwner {
  ready(child: Child): void;
  unusable(error: Error): void;
  ended(child: Child, outcome: Outcome | undefined): void;
  /** A child may take a job that could not before: its thread was held, or its pipe full. */
  freed(): void;
  /** `wait`: milliseconds after which another child may be started in its place. */
  gone(child: Child, wait: number): void;
}

/** The children of one pool: their birth, their limits, and what becomes of their jobs when they end. */
export class Crew implements ChildListener {
  readonly children: Set<Child> = new Set();
  readonly #options: CrewOptions;
  readonly #owner: CrewOwner;
  readonly #verdicts = new Map<number, Outcome>();
  readonly #timer: NodeJS.Timeout;
  #catalog: Catalog = {};
  #failedStarts = 0;
  #everReady = false;

  constructor(options: CrewOptions, owner: CrewOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#timer = setInterval(() => {
      for (const child of this.children) child.tick();
    }, 1000).unref();
  }

  /** Jobs that run in all children together. */
  get busy(): number {
    let busy = 0;
    for (const child of this.children) busy += child.hand.busy;
    return busy;
  }

  spawn(): void {
    const { slots, files, killAfter, completion } = this.#options;
    const child = new Child(takeChild(), slots, this);
    this.children.add(child);
    void files.list().then(
      (list) =>
        child.send({
          ...{ t: "load", files: list, cwd: files.cwd, setup: files.setup, killAfter, slots, faults: files.faults },
          ...(completion ? { completion } : {}),
        }),
      (error: unknown) => this.#owner.unusable(new TaskLoadError("the task patterns cannot be read", { cause: error })),
    );
  }

  /** Ends every child, by force where something runs, and resolves when all are gone. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    const ends = [...this.children].map((child) => child.end());
    await Promise.all(ends);
  }

  ready(child: Child, { catalog, faults }: Extract<FromChild, { t: "ready" }>): void {
    this.#everReady = true;
    this.#failedStarts = 0;
    this.#options.files.prove();
    this.#catalog = catalog;
    this.#options.listener.loaded(catalog, faults);
    this.#owner.ready(child);
    this.#options.listener.freed();
  }

  unusable(child: Child, { error }: Extract<FromChild, { t: "unusable" }>): void {
    child.kill();
    this.#owner.unusable(new TaskLoadError(error.message));
  }

  ended(child: Child, delivery: Delivery, outcome: Outcome | undefined, keep: number | undefined): void {
    this.#options.listener.ended(delivery, outcome, keep);
    this.#owner.ended(child, outcome);
  }

  progress(delivery: Delivery, value: Json): void {
    this.#options.listener.progress(delivery, value);
  }

  log(delivery: Delivery, line: LogLine): void {
    this.#options.listener.log(delivery, line);
  }

  enqueue(jobs: readonly NewJob[]): Promise<readonly SubJobAnswer[]> {
    return this.#options.listener.enqueue(jobs);
  }

  take(action: Action): Promise<TakeAnswer> {
    return this.#options.listener.take(action);
  }

  blocked(child: Child, blocked: Blocked): void {
    this.#options.listener.blocked(child.pid, blocked);
  }

  freed(): void {
    this.#owner.freed();
    this.#options.listener.freed();
  }

  /** Only the death of its process ends such a run. */
  stuck(child: Child, { n, claim, source }: Delivery, outcome: Outcome | undefined): void {
    const settings = runSettings(claim.settings, this.#catalog[claim.path], source.settingsOf?.(claim.queue));
    this.#verdicts.set(n, outcome ?? timedOut(settings, claim.attempt));
    child.kill();
  }

  /** Ends the child of this run; a run that is not here is left alone. */
  kill(delivery: Delivery, outcome: Outcome): void {
    for (const child of this.children) if (child.hand.has(delivery.n)) this.stuck(child, delivery, outcome);
  }

  gone(child: Child, end: ChildEnd): void {
    this.children.delete(child);
    const wait = child.wasReady ? 0 : this.#failedStart(end);
    for (const [delivery, outcome] of endOutcomes(end, this.#verdicts, child.ending?.n)) {
      this.#options.listener.ended(delivery, outcome, undefined);
      this.#verdicts.delete(delivery.n);
    }
    for (const delivery of end.waiting) this.#options.listener.ended(delivery, notBegun, undefined);
    this.#options.listener.childEnded(end);
    this.#owner.gone(child, wait);
    this.#options.listener.freed();
  }

  #failedStart({ intended, importing, code, signal, why }: ChildEnd): number {
    if (intended) return 0;
    const how = why ?? `the process ended (${signal ?? `code ${code}`})`;
    const killed = why === undefined && signal === "SIGKILL";
    const blamed =
      importing !== undefined && this.#options.files.blame(importing, `${how} while it was imported`, killed);
    this.#failedStarts++;
    if (!this.#everReady && !blamed && this.#failedStarts >= maxFailedStarts) {
      this.#owner.unusable(new TaskLoadError(`child processes end before they are ready: ${how}`));
    }
    return blamed ? 0 : backoff(this.#failedStarts, 100, 5000);
  }
}
