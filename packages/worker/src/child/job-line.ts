import type { Assignment } from "../executor/assignment.js";

/** Jobs that wait for their turn, first come, first served. */
export class JobLine {
  #jobs: Assignment[] = [];
  #next = 0;

  get size(): number {
    return this.#jobs.length - this.#next;
  }

  add(jobs: readonly Assignment[]): void {
    this.#jobs = this.size === 0 ? [...jobs] : [...this.#jobs.slice(this.#next), ...jobs];
    this.#next = 0;
  }

  take(): Assignment | undefined {
    return this.#jobs[this.#next++];
  }

  has(n: number): boolean {
    return this.#jobs.slice(this.#next).some((job) => job.n === n);
  }

  clear(): void {
    this.#jobs = [];
    this.#next = 0;
  }
}
