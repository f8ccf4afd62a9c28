import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { Executor } from "../executor/executor.js";
import { descriptors } from "./descriptors.js";
import { type WatchData, beatEvery, field, holderProbe, sharedMemory } from "./shared-state.js";

/** Starts the watch thread and the beat that it listens to. Returns the memory they share. */
export function startWatch(): { fields: Float64Array; gate: Int32Array } {
  const { buffer, fields, gate } = sharedMemory();
  const workerData: WatchData = { buffer, fd: descriptors.watch, timeOrigin: performance.timeOrigin };
  Object.assign(globalThis, { [Symbol.for(holderProbe)]: () => JSON.stringify(Executor.holder()) });
  new Worker(new URL("./watch-thread.js", import.meta.url), { workerData, stdout: false }).unref();
  startBeat(fields);
  return { fields, gate };
}

function startBeat(shared: Float64Array): void {
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    shared[field.beat] = (shared[field.beat] ?? 0) + 1;
    shared[field.delay] = Math.max(shared[field.delay] ?? 0, now - last - beatEvery);
    last = now;
  }, beatEvery).unref();
}
