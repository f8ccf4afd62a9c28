import type { Claim, EndedClaim, Outcome, Source } from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import type { Emitter, WorkerEvents } from "../../events.js";
import { isFailure } from "../../executor/failure-hook.js";
import type { WorkerSettings } from "../../options.js";
import type { Catalog } from "../../tasks/task-registry.js";
import type { Ledger } from "../holding/ledger.js";
import type { Statistics } from "../reporting/statistics.js";

export interface FailuresOptions {
  readonly settings: Pick<WorkerSettings, "logger">;
  readonly events: Emitter<WorkerEvents>;
  readonly ledger: Ledger;
  readonly statistics: Statistics;
  readonly catalog: () => Catalog;
  /** Has `onFailed` called where tasks run. */
  readonly tell: (delivery: Delivery) => void;
  /** No line of the delivery's log follows. */
  readonly onEnd: (delivery: Delivery, outcome: Outcome) => void;
}

/**
 * Sees to it that the `onFailed` of a task is called for jobs that ended without its code: by the worker (a killed or
 * lost child), in the store, or by the claim itself. It is called when the failure is stored.
 */
export class Failures {
  readonly #options: FailuresOptions;

  constructor(options: FailuresOptions) {
    this.#options = options;
  }

  /** A delivery was settled. */
  settled({ claim, source, told }: Delivery, outcome: Outcome): void {
    if (told || !isFailure(outcome) || !this.#hasHook(claim)) return;
    this.#options.tell(this.#open({ claim, outcome }, source));
  }

  /** Jobs were ended by the claim that took them. */
  ended(ends: readonly EndedClaim[], source: Source): void {
    const { statistics, events, ledger, tell } = this.#options;
    for (const end of ends) {
      const delivery = this.#open(end, source);
      statistics.settled(delivery, end.outcome);
      events.emit("settle", delivery, end.outcome);
      if (this.#hasHook(end.claim)) tell(delivery);
      else ledger.close(delivery);
    }
  }

  /** `onFailed` is over; not `called`: its process ended, or the worker stops. */
  told(delivery: Delivery, called: boolean): void {
    const { settings, ledger, onEnd } = this.#options;
    const { id, path, queue } = delivery.claim;
    if (!called) settings.logger.warn({ job: id, path, queue }, "onFailed was not called to its end");
    if (delivery.failure) onEnd(delivery, delivery.failure);
    ledger.close(delivery);
  }

  #hasHook({ path }: Claim): boolean {
    return this.#options.catalog()[path]?.hasOnFailed === true;
  }

  /** The worker holds the delivery until `onFailed` is over, and has nothing to settle. */
  #open({ claim, outcome }: EndedClaim, source: Source): Delivery {
    const delivery = this.#options.ledger.open(claim, source, performance.now());
    this.#options.ledger.settling(delivery);
    delivery.failure = outcome;
    return delivery;
  }
}
