/** How many more jobs a worker may start: exact, whatever the concurrency. */
export class Budget {
  #left: number;
  #reserved = 0;

  constructor(jobs: number = Number.POSITIVE_INFINITY) {
    this.#left = jobs;
  }

  /** Reserves up to `wanted`, for a claim on its way. */
  reserve(wanted: number): number {
    const reserved = Math.min(wanted, this.#left - this.#reserved);
    this.#reserved += reserved;
    return reserved;
  }

  /** The claim is over. */
  release(reserved: number): void {
    this.#reserved -= reserved;
  }

  /** So many jobs start. */
  spend(jobs: number): void {
    this.#left = Math.max(0, this.#left - jobs);
  }

  /** A job that was to start did not, for now. */
  giveBack(): void {
    this.#left++;
  }

  get empty(): boolean {
    return this.#left === 0;
  }
}
