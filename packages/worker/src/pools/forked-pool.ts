import type { Outcome } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { AbortReason } from "../executor/assignment.js";
import type { Child } from "./child.js";
import { Crew, type CrewOptions, type CrewOwner } from "./crew.js";
import type { ChildReport, ExecutorPool } from "./executor-pool.js";
import { patience } from "./patience.js";
import { type Recycle, isWorn } from "./recycle.js";
import { spread } from "./spread.js";

export interface ForkedPoolOptions extends CrewOptions {
  readonly processes: number;
  readonly recycle: Recycle;
}

/** Runs jobs in child processes, each with its slots. */
export class ForkedPool implements ExecutorPool, CrewOwner {
  readonly #options: ForkedPoolOptions;
  readonly #crew: Crew;
  readonly #timers = new Set<NodeJS.Timeout>();
  #started: { resolve(): void; reject(error: Error): void } | undefined;
  #waitTimer: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: ForkedPoolOptions) {
    this.#options = options;
    this.#crew = new Crew(options, this);
  }

  start(): Promise<void> {
    for (let i = 0; i < this.#options.processes; i++) this.#crew.spawn();
    if (this.#options.recycle.after !== undefined || this.#options.recycle.memoryMb !== undefined) this.#watchWear();
    return new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
    });
  }

  /** Never more than the slots of all processes together, while worn children finish beside their successors. */
  get free(): number {
    let free = 0;
    for (const child of this.#crew.children) free += this.#unworn(child, child.free);
    return Math.min(free, this.#options.processes * this.#options.slots - this.busy);
  }

  get room(): number {
    let room = 0;
    for (const child of this.#crew.children) room += this.#unworn(child, child.room);
    return room;
  }

  /** A child that has hardly more runs left than slots gets none ahead: its successor takes its time. */
  get ahead(): number {
    const { recycle, slots } = this.#options;
    if (recycle.jobs === undefined) return Number.POSITIVE_INFINITY;
    let ahead = 0;
    for (const { state, started } of this.#crew.children) {
      if (state === "ready") ahead += Math.max(0, recycle.jobs - started - slots);
    }
    return ahead;
  }

  get waiting(): number {
    let waiting = 0;
    for (const child of this.#crew.children) waiting += child.hand.waiting;
    return waiting;
  }

  get busy(): number {
    return this.#crew.busy;
  }

  get children(): readonly ChildReport[] {
    return [...this.#crew.children].map((child) => child.report());
  }

  run(deliveries: readonly Delivery[]): readonly Delivery[] {
    const places = [...this.#crew.children].map((child) => ({
      child,
      free: child.hand.free,
      room: this.#unworn(child, child.room),
    }));
    const { hands, left } = spread(places, deliveries);
    for (const [{ child }, hand] of hands) {
      child.run(hand);
      this.#checkWear(child);
    }
    if (this.waiting > 0) this.#awaitBegin();
    return left;
  }

  release(): void {
    for (const child of this.#crew.children) child.recall();
  }

  abort(deliveries: readonly Delivery[], reason: AbortReason): void {
    for (const child of this.#crew.children) {
      const ns = deliveries.filter(({ n }) => child.hand.has(n)).map(({ n }) => n);
      if (ns.length > 0) child.abort(ns, reason);
    }
  }

  kill(delivery: Delivery, outcome: Outcome): void {
    this.#crew.kill(delivery, outcome);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    clearTimeout(this.#waitTimer);
    await this.#crew.end();
  }

  ready(): void {
    this.#started?.resolve();
  }

  unusable(error: Error): void {
    this.#started?.reject(error);
  }

  ended(child: Child): void {
    if (child.state === "retiring" && child.hand.size === 0) child.close();
  }

  /** Nothing waits here: the listener hears of it and claims. */
  freed(): void {}

  gone(child: Child, wait: number): void {
    this.#fill(wait);
  }

  #fill(wait: number): void {
    if (this.#stopping) return;
    this.#later(wait, () => {
      if (this.#stopping || this.#young() >= this.#options.processes) return;
      if (this.#crew.children.size < this.#options.processes * 2) this.#crew.spawn();
    });
  }

  #young(): number {
    return [...this.#crew.children].filter((child) => child.state !== "retiring").length;
  }

  #unworn(child: Child, room: number): number {
    const { jobs } = this.#options.recycle;
    return jobs === undefined ? room : Math.max(0, Math.min(room, jobs - child.started));
  }

  /** What waits in a child for too long goes back, so that it does not wait there while another one is idle. */
  #awaitBegin(): void {
    this.#waitTimer ??= setTimeout(() => {
      this.#waitTimer = undefined;
      const limit = performance.now() - patience;
      for (const child of this.#crew.children) {
        const [first] = child.hand.waiting > 0 ? child.hand.split().waiting : [];
        if (first && first.since <= limit) child.recall();
      }
      if (this.waiting > 0) this.#awaitBegin();
    }, patience);
  }

  #watchWear(): void {
    const timer = setInterval(() => {
      for (const child of this.#crew.children) this.#checkWear(child);
    }, 250).unref();
    this.#timers.add(timer);
  }

  /** A worn child gets no more jobs, finishes what runs, and ends; its successor starts at once. */
  #checkWear(child: Child): void {
    if (child.state !== "ready" || !isWorn(child, this.#options.recycle)) return;
    child.state = "retiring";
    if (child.hand.size === 0) child.close();
    this.#fill(0);
  }

  #later(wait: number, run: () => void): void {
    if (wait === 0) return run();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, wait);
    this.#timers.add(timer);
  }
}
