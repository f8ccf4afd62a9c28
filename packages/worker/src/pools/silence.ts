/** A child that says nothing for so many seconds gets no new jobs; after the second figure it is killed. */
const limits = { suspicious: 5, fatal: 60 };
/** So long may one import hold the thread, seconds; the child itself gives up a little earlier on one that only waits. */
const importLimit = 65;

/** For how long a child has said nothing, in ticks of a second. */
export class Silence {
  #ticks = 0;
  #startTicks = 0;

  get isSuspicious(): boolean {
    return this.#ticks >= limits.suspicious;
  }

  /** It was stopped from outside, or hangs in an import. */
  get isFatal(): boolean {
    return this.#ticks >= limits.fatal || this.#startTicks >= importLimit;
  }

  tick(isStarting: boolean): void {
    this.#ticks++;
    if (isStarting) this.#startTicks++;
  }

  broken(): void {
    this.#ticks = 0;
    this.#startTicks = 0;
  }

  /** Only its watch thread spoke, which does so while an import holds the other. */
  brokenByWatch(): void {
    this.#ticks = 0;
  }
}
