import type { Claim, Source } from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import { Roster } from "../../roster.js";

/** Every delivery that this worker holds, until the store has settled it. */
export class Ledger {
  readonly #held: Roster<Delivery> = new Roster();
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

  /** @param since `performance.now()` of the claim's answer */
  open(claim: Claim, source: Source, since: number): Delivery {
    const delivery: Delivery = { n: ++this.#count, claim, source, since, place: -1, state: "running" };
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

  /** What is held now, in the order of the claims. */
  all(): readonly Delivery[] {
    return this.#held.all().sort((a, b) => a.n - b.n);
  }
}
