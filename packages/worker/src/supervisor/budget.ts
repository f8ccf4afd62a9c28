/** How many more jobs a worker may start: exact, whatever the concurrency. */
export class Budget {
  #left: number;

  constructor(jobs: number = Number.POSITIVE_INFINITY) {
    this.#left = jobs;
  }

  /** Takes up to `wanted` out of the budget. */
  take(wanted: number): number {
    const taken = Math.min(wanted, this.#left);
    this.#left -= taken;
    return taken;
  }

  giveBack(count: number): void {
    this.#left += count;
  }

  get empty(): boolean {
    return this.#left === 0;
  }
}
