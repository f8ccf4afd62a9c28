import { AsyncLocalStorage } from "node:async_hooks";
import { type Duration, type JobContext, NotSupportedError } from "@tandemq/core";

const slot: unique symbol = Symbol.for("tandemq.currentJob");
const shared = globalThis as { [slot]?: AsyncLocalStorage<JobContext> };

/** One store per process, whichever copy of this package a task imports. */
const storage: AsyncLocalStorage<JobContext> = (shared[slot] ??= new AsyncLocalStorage<JobContext>());

/** The job that the calling code runs for, anywhere below a task; `undefined` outside of one. */
export function currentJob(): JobContext | undefined {
  return storage.getStore();
}

/** Calls `run` so that everything below it finds `job` by {@link currentJob}. */
export function runInJob<T, A extends unknown[]>(job: JobContext, run: (...args: A) => T, ...args: A): T {
  return storage.run(job, run, ...args);
}

/**
 * One action of a sliding window that all workers share, from anywhere below a task: see `job.rateLimit`.
 *
 * @throws NotSupportedError outside of a job
 */
export async function rateLimit(key: string, limit: number, per: Duration): Promise<number> {
  const job = currentJob();
  if (!job) throw new NotSupportedError("rateLimit works inside a task: there is no job here");
  return job.rateLimit(key, limit, per);
}
