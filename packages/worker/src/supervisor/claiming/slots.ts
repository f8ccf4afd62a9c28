/** Most jobs asked for in one claim. */
const maxShare = 1000;

/** How long a few free slots wait for more, so that one claim serves them all, milliseconds. */
const gather = 1;

interface Waiter {
  resolve(share: number): void;
}

/**
 * The free slots of the pools, shared by the fetchers of all sources: who waits longest is served first, and those who
 * wait at the same time get equal shares.
 */
export class Slots {
  readonly #free: () => number;
  readonly #enough: () => number;
  readonly #idle: () => boolean;
  #reserved = 0;
  #waiting: Waiter[] = [];
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param free slots that can take a job now
   * @param enough so many free slots are given away at once. Default: 1, so that nothing is held back.
   * @param idle whether a slot has nothing to do. Until it is so, a claim waits for enough of them. Default: always.
   */
  constructor(free: () => number, enough: () => number = () => 1, idle: () => boolean = () => true) {
    this.#free = free;
    this.#enough = enough;
    this.#idle = idle;
  }

  /**
   * Reserves at least one slot, as soon as there is one; 0 when the signal was aborted first.
   *
   * @param hurry there is news: one free slot is enough. Default: false.
   */
  take(signal: AbortSignal, hurry: boolean = false): number | Promise<number> {
    if (signal.aborted) return 0;
    const free = this.#free() - this.#reserved;
    if (this.#waiting.length === 0 && free >= (hurry ? 1 : this.#enough())) return this.#reserve(free, 1);
    return new Promise((resolve) => {
      const quit = () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiter);
        resolve(0);
      };
      const waiter: Waiter = {
        resolve: (share) => {
          signal.removeEventListener("abort", quit);
          resolve(share);
        },
      };
      signal.addEventListener("abort", quit, { once: true });
      this.#waiting.push(waiter);
      this.poke();
    });
  }

  /** Ends a reservation: its jobs are in the pools by now, or there were none. */
  release(share: number): void {
    this.#reserved -= share;
    this.poke();
  }

  /**
   * Slots may have become free. As long as some are taken they are held back for a moment: quick jobs end together, and
   * a claim costs the store much the same whether it is for one job or for a hundred.
   */
  poke(): void {
    if (this.#waiting.length === 0) return;
    if (this.#free() - this.#reserved >= this.#enough()) return this.#serve();
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#free() - this.#reserved >= this.#enough() || this.#idle()) this.#serve();
    }, gather);
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const free = this.#free() - this.#reserved;
      if (free < 1) return;
      const share = this.#reserve(free, this.#waiting.length);
      this.#waiting.shift()?.resolve(share);
    }
  }

  #reserve(free: number, among: number): number {
    const share = Math.min(maxShare, Math.ceil(free / among));
    this.#reserved += share;
    return share;
  }
}
