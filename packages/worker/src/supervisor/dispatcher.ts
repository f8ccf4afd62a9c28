import { type Claim, type Outcome, type Source, WorkerLostError, toJobError } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { ExecutorPool } from "../pools/executor-pool.js";
import type { SoloPool } from "../pools/solo-pool.js";
import { Backlog } from "./backlog.js";
import type { Ledger } from "./ledger.js";

export interface DispatcherOptions {
  readonly ledger: Ledger;
  readonly main: ExecutorPool;
  readonly solo: SoloPool;
  readonly maxLost: number;
  readonly settle: (delivery: Delivery, outcome: Outcome) => void;
}

/**
 * Opens a delivery for each claim and sends it where it runs: alone if it was lost before, else to the main pool. What
 * was claimed ahead waits here for the next free slot.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #backlog: Backlog = new Backlog((deliveries) => this.#giveBack(deliveries));
  #stopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Jobs that wait for a slot of the main pool. */
  get waiting(): number {
    return this.#backlog.size;
  }

  /** From now on, claims that still arrive are given back, and so is what waits. */
  stop(): void {
    this.#stopped = true;
    this.#backlog.clear();
    this.#options.solo.release();
  }

  dispatch(claims: readonly Claim[], source: Source): void {
    const { ledger, main, solo } = this.#options;
    const deliveries = claims.map((claim) => ledger.open(claim, source));
    if (this.#stopped) return this.#giveBack(deliveries);
    const common = deliveries.filter(({ claim }) => claim.lost === 0);
    if (this.#backlog.size === 0) this.#backlog.add(main.run(common));
    else this.#backlog.add(common);
    // Jobs that ended within `run` left slots to those that came behind them.
    this.refill();
    if (common.length < deliveries.length) this.#giveBack(solo.run(this.#runnable(deliveries)));
  }

  /** Slots of the main pool may be free: fills them with what waits. */
  refill(): void {
    const { ledger, main } = this.#options;
    for (let free = main.free; this.#backlog.size > 0 && free > 0; free = main.free) {
      const next = this.#backlog.take(free).filter((delivery) => ledger.has(delivery));
      const left = main.run(next);
      this.#backlog.add(left);
      if (left.length > 0) return;
    }
  }

  /** Runs one delivery that was opened before. */
  run(delivery: Delivery): void {
    const { main, solo } = this.#options;
    if (this.#stopped) this.#giveBack([delivery]);
    else if (delivery.claim.lost > 0) this.#giveBack(solo.run([delivery]));
    else this.#backlog.add(main.run([delivery]));
  }

  /** Of the jobs that were lost before, those that may run again; the others are set aside. */
  #runnable(deliveries: readonly Delivery[]): Delivery[] {
    const { maxLost, settle } = this.#options;
    const lost = deliveries.filter(({ claim }) => claim.lost > 0);
    for (const delivery of lost) {
      const { lost: times } = delivery.claim;
      if (times > maxLost)
        settle(delivery, { status: "failed", error: toJobError(new WorkerLostError(times, maxLost)) });
    }
    return lost.filter(({ claim }) => claim.lost <= maxLost);
  }

  #giveBack(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#options.settle(delivery, { status: "interrupt" });
  }
}
