/** Milliseconds from an enqueue in another process to the start of the task, the worker idle before: p50 of a round. */
import { act, finish, freshRun, runsOf, startWorker } from "../lib/measure.mjs";
import { sleep } from "../lib/clock.mjs";
import { median } from "../lib/statistics.mjs";

const everyone = ["bullmq", "no-storage", "raw", "regular"];
export function pickupCase({ share, peers = everyone }) {
  return {
    name: "pickup",
    title: "Idle pickup, enqueue in another process to start of the task, p50",
    unit: "ms",
    variants: peers.map((peer) => ({ name: peer, peer, count: Math.ceil(20 * share) })),
    async measure(services, { peer, count }) {
      const run = await freshRun(services, peer, { concurrency: 25, processes: 1 });
      const worker = await startWorker(run);
      try {
        await sleep(300);
        const { times } = await act(run, "trickle", { count, pause: 50 });
        await finish(run, count);
        await sleep(100);
        return median(runsOf(run, count).map(({ number, at }) => at - times[number]));
      } finally {
        await worker.stop();
      }
    },
  };
}
