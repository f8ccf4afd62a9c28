import type { Claim, Source } from "@tandemq/core";
import type { Delivery } from "../delivery.js";

/** Every delivery that this worker holds, until the store has settled it. */
export class Ledger {
  readonly #held = new Set<Delivery>();
  #count = 0;
  #running = 0;
  readonly #onIdle: () => void;

  /** @param onIdle called whenever the last delivery has gone */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  /** Deliveries held, settling ones included. */
  get size(): number {
    return this.#held.size;
  }

  /** Deliveries whose outcome is not known yet. */
  get running(): number {
    return this.#running;
  }

  open(claim: Claim, source: Source): Delivery {
    const delivery: Delivery = { n: ++this.#count, claim, source, since: performance.now(), state: "running" };
    this.#held.add(delivery);
    this.#running++;
    return delivery;
  }

  /** The outcome is known. `false`: it was known before, or the delivery is not held any more. */
  settling(delivery: Delivery): boolean {
    if (delivery.state !== "running" || !this.#held.has(delivery)) return false;
    delivery.state = "settling";
    this.#running--;
    return true;
  }

  /** The store has settled it, or somebody else owns the job. */
  close(delivery: Delivery): void {
    if (!this.#held.delete(delivery)) return;
    if (delivery.state === "running") this.#running--;
    if (this.#held.size === 0) this.#onIdle();
  }

  has(delivery: Delivery): boolean {
    return this.#held.has(delivery);
  }

  [Symbol.iterator](): IterableIterator<Delivery> {
    return this.#held.values();
  }
}
