import type { Delivery } from "../../delivery.js";
import { isLate } from "../../pools/is-late.js";
import type { StartTimes } from "../admission/start-times.js";

export interface EarlyOptions {
  readonly starts: Pick<StartTimes, "empty" | "of">;
  readonly start: (deliveries: readonly Delivery[]) => void;
  readonly giveBack: (deliveries: readonly Delivery[]) => void;
}

/** Deliveries whose limit let them go a little before their start: held here until then, never for less. */
export class Early {
  readonly #options: EarlyOptions;
  readonly #timers = new Map<Delivery, NodeJS.Timeout>();

  constructor(options: EarlyOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#timers.size;
  }

  /** @returns those that start now */
  hold(deliveries: readonly Delivery[]): readonly Delivery[] {
    return this.#options.starts.empty ? deliveries : deliveries.filter((delivery) => !this.#holds(delivery));
  }

  /** Gives back those of the deliveries that are held here. */
  remove(deliveries: readonly Delivery[]): void {
    if (this.#timers.size === 0) return;
    this.#options.giveBack(deliveries.filter((delivery) => this.#drop(delivery)));
  }

  #holds(delivery: Delivery): boolean {
    const at = this.#options.starts.of(delivery.claim);
    const left = at === undefined ? 0 : at - performance.now();
    if (left <= 0) return false;
    // A timer counts from the last look at the clock, so it may come too soon.
    this.#timers.set(
      delivery,
      setTimeout(() => this.#comes(delivery), Math.ceil(left)),
    );
    return true;
  }

  #comes(delivery: Delivery): void {
    this.#timers.delete(delivery);
    if (isLate(delivery)) return this.#options.giveBack([delivery]);
    delivery.since = performance.now();
    this.#options.start(this.hold([delivery]));
  }

  #drop(delivery: Delivery): boolean {
    clearTimeout(this.#timers.get(delivery));
    return this.#timers.delete(delivery);
  }
}
