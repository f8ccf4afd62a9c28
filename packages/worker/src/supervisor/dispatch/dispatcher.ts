import { type Claim, type JobSettings, type Outcome, type Source, WorkerLostError, toJobError } from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import { notBegun } from "../../executor/not-begun.js";
import type { ExecutorPool } from "../../pools/executor-pool.js";
import type { SoloPool } from "../../pools/solo-pool.js";
import { Backlog } from "./backlog.js";
import { Early, type EarlyOptions } from "./early.js";
import type { Catalog } from "../../tasks/task-registry.js";
import type { Ledger } from "../holding/ledger.js";

export interface DispatcherOptions {
  readonly ledger: Ledger;
  readonly main: ExecutorPool;
  readonly solo: SoloPool;
  readonly maxLost: number;
  /** What is known of the tasks. */
  readonly catalog: () => Catalog;
  /** Why a job cannot run here at all. */
  readonly refusal?: (settings: JobSettings) => Error | undefined;
  readonly settle: (delivery: Delivery, outcome: Outcome) => void;
  /** When those deliveries start that their limits let go early. */
  readonly starts: EarlyOptions["starts"];
}

/**
 * Opens a delivery for each claim and sends it where it runs: alone if it was lost before or is to be isolated, else to
 * the main pool. What was claimed ahead waits here for the next free slot.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #backlog: Backlog = new Backlog(
    (deliveries) => this.#giveBack(deliveries),
    () => this.refill(),
  );
  readonly #early: Early;
  #stopped = false;
  #refilling = false;
  #soon = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#early = new Early({
      starts: options.starts,
      start: (deliveries) => this.#start(deliveries),
      giveBack: (deliveries) => this.#giveBack(deliveries),
    });
  }

  /** Jobs that wait for a slot of the main pool, or have one kept until they start. */
  get waiting(): number {
    return this.#backlog.size + this.#early.size + this.#options.main.waiting;
  }

  /**
   * From now on, claims that still arrive are given back, and so is what waits for more than its turn in a free slot. What
   * is held until its start was counted as one: it runs.
   */
  stop(): void {
    this.#fill(this.#options.main.free);
    this.#stopped = true;
    this.#backlog.clear();
    this.#options.main.release();
    this.#options.solo.release();
  }

  /** Those that were to be aborted and have not begun: they do not begin. */
  remove(deliveries: readonly Delivery[]): void {
    this.#backlog.remove(deliveries);
    this.#early.remove(deliveries);
  }

  dispatch(claims: readonly Claim[], source: Source): void {
    const { ledger, solo } = this.#options;
    const now = performance.now();
    const deliveries = claims.map((claim) => ledger.open(claim, source, now));
    if (this.#stopped) return this.#giveBack(deliveries);
    const known = this.#options.refusal ? this.#unrefused(deliveries) : deliveries;
    const ready = this.#early.hold(known);
    const common = ready.filter((delivery) => !this.#isAlone(delivery));
    this.#backlog.add(common);
    // As much as there are slots: the next claim goes out first.
    if (common.length < this.#options.main.free) this.refill();
    else this.#refillSoon();
    if (common.length < ready.length) this.#giveBack(solo.run(this.#runnable(ready)));
  }

  /**
   * Slots of the main pool may be free: fills them with what waits, and what may wait there goes there. Jobs that end
   * within `run` leave their slots to those behind them in a later turn, so that the next claim goes out in between.
   */
  refill(): void {
    this.#fill(this.#options.main.room);
  }

  #fill(most: number): void {
    if (this.#refilling || this.#backlog.size === 0) return;
    const { ledger, main } = this.#options;
    this.#refilling = true;
    try {
      this.#backlog.add(main.run(this.#backlog.take(most).filter((delivery) => ledger.has(delivery))));
    } finally {
      this.#refilling = false;
    }
    if (this.#backlog.size > 0 && main.room > 0) this.#refillSoon();
  }

  #refillSoon(): void {
    if (this.#soon) return;
    this.#soon = true;
    setImmediate(() => {
      this.#soon = false;
      this.refill();
    });
  }

  /** Runs one delivery that was opened before. */
  run(delivery: Delivery): void {
    if (this.#stopped) this.#giveBack([delivery]);
    else this.#start(this.#early.hold([delivery]));
  }

  /** Their time has come, whether the worker stops or not. */
  #start(deliveries: readonly Delivery[]): void {
    const { ledger, main, solo } = this.#options;
    for (const delivery of deliveries.filter((one) => ledger.has(one))) {
      if (this.#isAlone(delivery)) this.#giveBack(solo.run(this.#runnable([delivery])));
      else this.#wait(main.run([delivery]));
    }
  }

  #wait(deliveries: readonly Delivery[]): void {
    if (this.#stopped) this.#giveBack(deliveries);
    else this.#backlog.add(deliveries);
  }

  /** Has `onFailed` called of a job that ended without its task's code: beside the others, or alone if it was lost. */
  tell(delivery: Delivery): void {
    const { main, solo } = this.#options;
    const left = delivery.claim.lost > 0 || main.free === 0 ? [delivery] : main.run([delivery]);
    if (left.length > 0) this.#giveBack(solo.run(left));
  }

  #isAlone({ claim: { lost, settings, path } }: Delivery): boolean {
    return lost > 0 || (settings.isolate ?? this.#options.catalog()[path]?.isolate) === true;
  }

  /** Of the jobs that run alone, those that may run; the ones that were lost too often are set aside. */
  #runnable(deliveries: readonly Delivery[]): Delivery[] {
    const { maxLost, settle } = this.#options;
    const alone = deliveries.filter((delivery) => this.#isAlone(delivery));
    for (const delivery of alone) {
      const { lost: times } = delivery.claim;
      if (times > maxLost)
        settle(delivery, { status: "failed", error: toJobError(new WorkerLostError(times, maxLost)) });
    }
    return alone.filter(({ claim }) => claim.lost <= maxLost);
  }

  /** Those that can run here; the others fail at once. */
  #unrefused(deliveries: readonly Delivery[]): readonly Delivery[] {
    const { refusal, settle } = this.#options;
    return deliveries.filter((delivery) => {
      const error = refusal?.(delivery.claim.settings);
      if (error) settle(delivery, { status: "failed", error: toJobError(error) });
      return !error;
    });
  }

  /** None of them ran: their history says nothing of it, and one whose time to start is over expires. */
  #giveBack(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#options.settle(delivery, notBegun);
  }
}
