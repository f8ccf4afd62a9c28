/** A pause of the event loop longer than this is a freeze, milliseconds. Shorter ones count as running time. */
export const freezeAfter = 1000;

/**
 * Time as a run feels it: while the thread is held by one run, the clock stands still for its neighbours.
 * It must be asked at least every {@link freezeAfter} milliseconds (a beat sees to that) to tell a freeze from idleness.
 */
export class LoopClock {
  readonly #onThaw: (frozen: number) => void;
  #last: number = performance.now();
  #frozen = 0;

  /** @param onThaw called with the length of each freeze, before the time that follows it is told */
  constructor(onThaw: (frozen: number) => void) {
    this.#onThaw = onThaw;
  }

  now(): number {
    const real = performance.now();
    const gap = real - this.#last;
    this.#last = real;
    if (gap > freezeAfter) {
      this.#frozen += gap;
      this.#onThaw(gap);
    }
    return real - this.#frozen;
  }

  /** The time of `performance.now()` at which this clock will show `time` unless it freezes before. */
  real(time: number): number {
    return time + this.#frozen;
  }
}
