import { countMask } from "../child/gate.js";
import type { Delivery } from "../delivery.js";

/** A child gets jobs ahead of its free slots only if some have ended there so lately, milliseconds. */
const lately = 10;

/** Where there are few slots, so many quick jobs are sent ahead: waking a child costs as much as a dozen of them. */
const few = 100;

/**
 * The deliveries that a child was sent and that are not over, in the order of sending. It begins them in that order, and
 * none before it has told which slot is free: those beyond its slots have not begun.
 */
export class Hand {
  readonly #slots: number;
  readonly #held = new Map<number, Delivery>();
  #sent = 0;
  readonly #clock: () => number;
  #ended = 0;
  #endedAt = Number.NEGATIVE_INFINITY;

  /** @param clock milliseconds of a clock that never goes back. Default: `performance.now()`. */
  constructor(slots: number, clock: () => number = () => performance.now()) {
    this.#slots = slots;
    this.#clock = clock;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Jobs that may have begun. */
  get busy(): number {
    return Math.min(this.#held.size, this.#slots);
  }

  get waiting(): number {
    return Math.max(0, this.#held.size - this.#slots);
  }

  /** Free slots; less than 0 where jobs wait for one. */
  get free(): number {
    return this.#slots - this.#held.size;
  }

  /** What can be sent now: free slots, and beyond them four times as many jobs as ended together just now. */
  get room(): number {
    const isQuick = this.#clock() - this.#endedAt < lately;
    const ahead = isQuick ? Math.min(Math.max(this.#slots, few), 4 * this.#ended) : 0;
    return Math.max(0, this.#slots + ahead - this.#held.size);
  }

  has(n: number): boolean {
    return this.#held.has(n);
  }

  get(n: number): Delivery | undefined {
    return this.#held.get(n);
  }

  add(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#held.set(delivery.n, delivery);
    this.#sent = (this.#sent + deliveries.length) & countMask;
  }

  /** The run is over. */
  take(n: number): Delivery | undefined {
    const delivery = this.#held.get(n);
    if (delivery) this.#held.delete(n);
    return delivery;
  }

  /** So many have ended together. */
  noteEnded(count: number): void {
    this.#ended = count;
    this.#endedAt = this.#clock();
  }

  /** Those that may have begun, and those that wait. */
  split(): { running: Delivery[]; waiting: Delivery[] } {
    const all = [...this.#held.values()];
    return { running: all.slice(0, this.#slots), waiting: all.slice(this.#slots) };
  }

  /** Takes back all but the first so many that were ever sent. Nothing is sent ahead until a job has ended again. */
  withdraw(begun: number): Delivery[] {
    const count = (this.#sent - begun) & countMask;
    const back = count === 0 ? [] : [...this.#held.values()].slice(-count);
    for (const { n } of back) this.#held.delete(n);
    this.#sent = begun;
    this.noteEnded(0);
    return back;
  }

  clear(): void {
    this.#held.clear();
  }
}
