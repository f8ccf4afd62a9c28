import { AsyncLocalStorage } from "node:async_hooks";
import type { JobContext } from "@tandemq/core";

const slot: unique symbol = Symbol.for("tandemq.currentJob");
const shared = globalThis as { [slot]?: AsyncLocalStorage<JobContext> };

/** One store per process, whichever copy of this package a task imports. */
const storage: AsyncLocalStorage<JobContext> = (shared[slot] ??= new AsyncLocalStorage<JobContext>());

/** The job that the calling code runs for, anywhere below a task; `undefined` outside of one. */
export function currentJob(): JobContext | undefined {
  return storage.getStore();
}

/** Calls `run` so that everything below it finds `job` by {@link currentJob}. */
export function runInJob<T>(job: JobContext, run: () => T): T {
  return storage.run(job, run);
}
