import { type Claim, type Outcome, type Source, WorkerLostError, toJobError } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { ExecutorPool } from "../pools/executor-pool.js";
import type { SoloPool } from "../pools/solo-pool.js";
import type { Ledger } from "./ledger.js";

export interface DispatcherOptions {
  readonly ledger: Ledger;
  readonly main: ExecutorPool;
  readonly solo: SoloPool;
  readonly maxLost: number;
  readonly settle: (delivery: Delivery, outcome: Outcome) => void;
}

/** Opens a delivery for each claim and sends it where it runs: alone if it was lost before, else to the main pool. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  #stopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** From now on, claims that still arrive are given back. */
  stop(): void {
    this.#stopped = true;
    this.#options.solo.release();
  }

  dispatch(claims: readonly Claim[], source: Source): void {
    const { ledger, main, solo } = this.#options;
    const deliveries = claims.map((claim) => ledger.open(claim, source));
    if (this.#stopped) return this.#giveBack(deliveries);
    const common = deliveries.filter(({ claim }) => claim.lost === 0);
    this.#giveBack(main.run(common));
    if (common.length < deliveries.length) this.#giveBack(solo.run(this.#runnable(deliveries)));
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
