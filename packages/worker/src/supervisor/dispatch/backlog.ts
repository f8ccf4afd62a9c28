import type { Delivery } from "../../delivery.js";
import { patience } from "../../pools/patience.js";

/** Deliveries that were claimed ahead, in their order. What finds no slot soon goes back to the store. */
export class Backlog {
  readonly #giveBack: (deliveries: readonly Delivery[]) => void;
  readonly #refill: () => void;
  #waiting: Delivery[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param refill fills the slots that are free: where this process itself stood still, that comes before the giving back */
  constructor(giveBack: (deliveries: readonly Delivery[]) => void, refill: () => void) {
    this.#giveBack = giveBack;
    this.#refill = refill;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    this.#waiting.push(...deliveries);
    this.#timer ??= setTimeout(() => this.#expire(), patience);
  }

  take(most: number): readonly Delivery[] {
    return this.#waiting.splice(0, most);
  }

  /** Gives back those of the deliveries that wait here. */
  remove(deliveries: readonly Delivery[]): void {
    if (this.#waiting.length === 0) return;
    const unwanted = new Set(deliveries);
    const gone = this.#waiting.filter((delivery) => unwanted.has(delivery));
    this.#waiting = this.#waiting.filter((delivery) => !unwanted.has(delivery));
    this.#giveBack(gone);
  }

  /** Gives everything back. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#giveBack(this.#waiting.splice(0));
  }

  #expire(): void {
    this.#timer = undefined;
    this.#refill();
    const limit = performance.now() - patience;
    const young = this.#waiting.findIndex(({ since }) => since > limit);
    this.#giveBack(this.#waiting.splice(0, young < 0 ? this.#waiting.length : young));
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#expire(), patience);
  }
}
