import { InvalidResultError } from "../errors/errors.js";
import type { BatchFunction, BatchJob } from "./define-batch-task.js";

interface Waiting<P extends object, R> {
  readonly job: BatchJob<P>;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/** Gathers the jobs of a batch task that run in this process, and hands them to its function together. */
export class Batches<P extends object, R> {
  readonly #run: BatchFunction<P, R>;
  readonly #size: number;
  readonly #wait: number;
  #waiting: Waiting<P, R>[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(run: BatchFunction<P, R>, size: number, wait: number) {
    this.#run = run;
    this.#size = size;
    this.#wait = wait;
  }

  add(job: BatchJob<P>): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      if (this.#waiting.length >= this.#size) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), this.#wait);
    });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    // Whoever was aborted while it waited is over: its work is not begun.
    const live = batch.filter(({ job, reject }) => {
      const { aborted, reason } = job.job.signal;
      if (aborted) reject(reason);
      return !aborted;
    });
    if (live.length > 0) void this.#call(live);
  }

  async #call(batch: readonly Waiting<P, R>[]): Promise<void> {
    try {
      const results = await this.#run(batch.map(({ job }) => job));
      if (!Array.isArray(results) || results.length !== batch.length) throw wrongLength(results, batch.length);
      batch.forEach(({ resolve, reject }, i) => {
        const result: unknown = results[i];
        if (result instanceof Error) reject(result);
        else resolve(result as R);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

function wrongLength(results: unknown, expected: number): InvalidResultError {
  const got = Array.isArray(results) ? `${results.length}` : typeof results;
  return new InvalidResultError(
    `a batch task must return one result or Error for each job: expected ${expected}, got ${got}`,
  );
}
