/** Without an outcome for so long nothing is claimed ahead, milliseconds. */
const quick = 20;

/** Weight of the newest claim in the averages. */
const weight = 0.3;

/** Where there are few slots, so many quick jobs are claimed ahead: a claim of one job costs nearly as much as one of ten. */
const few = 16;

/** Upper bound of what a worker with so many slots claims ahead. */
export function mostAhead(slots: number): number {
  return Math.max(few, 2 * slots);
}

/** So many claims' time is bridged: the next one is asked for while outcomes of the last are still settled. */
const bridged = 3;

/** At least so many milliseconds are bridged: claims that are answered at once would stay as small as they are. */
const least = 2;

/**
 * How many jobs to claim beyond the free slots: as many as end while a claim is on its way, so that slots are filled
 * again while the store is asked. Slow jobs give none: each of them would wait here while another worker could run it.
 */
export class Prefetch {
  readonly #most: number;
  #ended = 0;
  #endedAt = Number.NEGATIVE_INFINITY;
  #claimedAt = 0;
  /** Outcomes per millisecond, and milliseconds per claim. */
  #rate = 0;
  #latency = 0;

  /** @param most upper bound; 0 for never */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param now `performance.now()` */
  ended(now: number): void {
    this.#ended++;
    this.#endedAt = now;
  }

  /** A claim was answered that took so many milliseconds. */
  claimed(ms: number): void {
    const now = performance.now();
    const rate = this.#ended / Math.max(0.1, now - this.#claimedAt);
    this.#rate += weight * (rate - this.#rate);
    this.#latency += weight * (ms - this.#latency);
    this.#claimedAt = now;
    this.#ended = 0;
  }

  get room(): number {
    if (this.#most === 0 || performance.now() - this.#endedAt > quick) return 0;
    return Math.min(this.#most, Math.floor(this.#rate * Math.max(least, bridged * this.#latency)));
  }
}
