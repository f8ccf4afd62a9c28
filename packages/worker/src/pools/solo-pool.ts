import type { Outcome } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import { notBegun, stoppedBefore } from "../executor/not-begun.js";
import type { AbortReason } from "../executor/assignment.js";
import type { Child } from "./child.js";
import { Crew, type CrewOptions, type CrewOwner } from "./crew.js";
import type { ChildReport, ExecutorPool } from "./executor-pool.js";
import { isLate } from "./is-late.js";

/** An idle child is ended after this time, milliseconds. */
const idleLimit = 30_000;

export interface SoloPoolOptions extends Omit<CrewOptions, "slots"> {
  /** Children at a time. */
  readonly processes: number;
}

/**
 * Runs jobs that were lost before, each alone in a child: whoever ends its process harms nobody else. Children are
 * started when needed; one whose job succeeded takes the next. Jobs beyond that wait here, their leases are kept.
 */
export class SoloPool implements ExecutorPool, CrewOwner {
  readonly ahead: number = 0;
  readonly #options: SoloPoolOptions;
  readonly #crew: Crew;
  readonly #timers = new Set<NodeJS.Timeout>();
  #waiting: Delivery[] = [];
  #stopping = false;

  constructor(options: SoloPoolOptions) {
    this.#options = options;
    this.#crew = new Crew({ ...options, slots: 1 }, this);
  }

  async start(): Promise<void> {}

  get free(): number {
    return Math.max(0, this.#options.processes - this.#waiting.length - this.busy);
  }

  /** More wait here than fit: none is refused. */
  get room(): number {
    return this.free;
  }

  get busy(): number {
    return this.#crew.busy;
  }

  /** Jobs that wait for a child. */
  get waiting(): number {
    return this.#waiting.length;
  }

  get children(): readonly ChildReport[] {
    return [...this.#crew.children].map((child) => child.report());
  }

  run(deliveries: readonly Delivery[]): readonly Delivery[] {
    if (this.#stopping) return deliveries;
    this.#waiting.push(...deliveries);
    this.#pump();
    return [];
  }

  abort(deliveries: readonly Delivery[], reason: AbortReason): void {
    const aborted = new Set(deliveries);
    const outcome = stoppedBefore(reason);
    for (const delivery of this.#take((waiting) => aborted.has(waiting)))
      this.#options.listener.ended(delivery, outcome, undefined);
    for (const child of this.#crew.children) {
      const ns = deliveries.filter(({ n }) => child.hand.has(n)).map(({ n }) => n);
      if (ns.length > 0) child.abort(ns, reason);
    }
  }

  /** Gives back the jobs that wait: called when the worker starts to drain. Of those that are over `onFailed` is called. */
  release(): void {
    for (const delivery of this.#take(({ failure }) => !failure))
      this.#options.listener.ended(delivery, notBegun, undefined);
  }

  kill(delivery: Delivery, outcome: Outcome): void {
    this.#crew.kill(delivery, outcome);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#crew.end();
  }

  ready(child: Child): void {
    this.#pump();
    this.#endWhenIdle(child);
  }

  /** The main pool has the same tasks and says so. */
  unusable(): void {}

  ended(child: Child, outcome: Outcome | undefined): void {
    if (outcome?.status !== "success") {
      child.close();
      return;
    }
    this.#pump();
    this.#endWhenIdle(child);
  }

  /** A job that held its thread ends before the child is heard to be free: what waits is sent only now. */
  freed(): void {
    this.#pump();
  }

  gone(_child: Child, wait: number): void {
    if (this.#stopping) return;
    this.#later(wait, () => this.#pump());
  }

  #pump(): void {
    for (const delivery of this.#take(isLate)) this.#options.listener.ended(delivery, notBegun, undefined);
    for (const child of this.#crew.children) {
      if (child.free > 0 && this.#waiting.length > 0) child.run(this.#waiting.splice(0, 1));
    }
    const starting = [...this.#crew.children].filter((child) => child.state === "starting").length;
    const wanted = Math.min(this.#waiting.length - starting, this.#options.processes - this.#crew.children.size);
    for (let i = 0; i < wanted; i++) this.#crew.spawn();
  }

  #take(which: (delivery: Delivery) => boolean): Delivery[] {
    const taken = this.#waiting.filter(which);
    this.#waiting = this.#waiting.filter((delivery) => !taken.includes(delivery));
    return taken;
  }

  #endWhenIdle(child: Child): void {
    const { started } = child;
    this.#later(idleLimit, () => {
      if (child.state !== "ready" || child.hand.size > 0 || child.started !== started) return;
      child.close();
    });
  }

  #later(wait: number, run: () => void): void {
    if (wait === 0) return run();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, wait).unref();
    this.#timers.add(timer);
  }
}
