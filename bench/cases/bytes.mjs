/** Bytes in Redis per waiting job, and per job that is done: the growth from one number of jobs to a three times larger. */
import { act, finish, freshRun, startWorkers } from "../lib/measure.mjs";

const peers = ["bullmq", "bullmq remove", "bee-queue", "no-storage", "raw"];
const inBulks = peers.map((peer) => ({ name: peer, peer, jobs: 15_000 }));
/** Jobs of one bulk share what they have in common: these do not. */
const singly = { name: "no-storage, added one by one", peer: "no-storage", jobs: 3_000, singly: true };

export const bytesCases = ({ share }) => [
  bytesCase("bytes waiting", "Bytes in Redis per waiting job", async (run, count) => {
    await act(run, "fill", { from: run.filled, count });
    run.filled += count;
  })({ share, variants: [...inBulks, singly] }),
  bytesCase(
    "bytes done",
    "Bytes left in Redis per job that is done, when what is kept for a time is over",
    doAll,
  )({
    share,
    variants: inBulks,
  }),
];

async function doAll(run, count, services) {
  await act(run, "fill", { from: run.filled, count });
  run.filled += count;
  const worker = await startWorkers(run);
  await finish(run, run.filled).finally(() => worker.stop());
  await endWindows(services);
}

function bytesCase(name, title, step) {
  return ({ share, variants }) => ({
    name,
    title,
    unit: "bytes",
    rounds: 1,
    variants: variants.map(({ jobs, ...one }) => ({ ...one, count: jobs * share })),
    async measure(services, { peer, count, singly }) {
      const run = await freshRun(services, peer, { concurrency: 100, processes: 0, singly });
      run.filled = 0;
      const used = [];
      for (const more of [count, 2 * count]) {
        await step(run, more, services);
        used.push(await usedMemory(services));
      }
      return (used[1] - used[0]) / (2 * count);
    },
  });
}

async function usedMemory({ redis }) {
  return Number(/used_memory:(\d+)/.exec(await redis.info("memory"))[1]);
}

/** Takes away every key that vanishes by itself: windows for duplicates, a worker's session. */
async function endWindows({ redis }) {
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, "COUNT", 5_000);
    const lives = await Promise.all(keys.map((key) => redis.pttl(key)));
    const passing = keys.filter((_, i) => lives[i] > 0);
    if (passing.length > 0) await redis.unlink(...passing);
    cursor = next;
  } while (cursor !== "0");
}
