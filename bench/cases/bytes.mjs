/** Bytes in Redis per waiting job, and per job that is done: the growth from one number of jobs to a three times larger. */
import { act, finish, freshRun, startWorkers } from "../lib/measure.mjs";

const peers = ["bullmq", "bullmq remove", "bee-queue", "no-storage", "raw"];

export const bytesCases = ({ share }) => [
  bytesCase("bytes waiting", "Bytes in Redis per waiting job", async (run, count) => {
    await act(run, "fill", { from: run.filled, count });
    run.filled += count;
  })({ share }),
  bytesCase("bytes done", "Bytes left in Redis per job that is done", async (run, count) => {
    await act(run, "fill", { from: run.filled, count });
    run.filled += count;
    const worker = await startWorkers(run);
    await finish(run, run.filled).finally(() => worker.stop());
  })({ share }),
];

function bytesCase(name, title, step) {
  return ({ share }) => ({
    name,
    title,
    unit: "bytes",
    rounds: 1,
    variants: peers.map((peer) => ({ name: peer, peer, count: 15_000 * share })),
    async measure(services, { peer, count }) {
      const run = await freshRun(services, peer, { concurrency: 100, processes: 0 });
      run.filled = 0;
      const used = [];
      for (const more of [count, 2 * count]) {
        await step(run, more);
        used.push(await usedMemory(services));
      }
      return (used[1] - used[0]) / (2 * count);
    },
  });
}

async function usedMemory({ redis }) {
  return Number(/used_memory:(\d+)/.exec(await redis.info("memory"))[1]);
}
