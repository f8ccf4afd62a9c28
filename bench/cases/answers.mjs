/** Milliseconds from an enqueue to its result in the same program, one after another, the worker idle: p50 of a round. */
import { act, finish, freshRun, runsOf, startWorker } from "../lib/measure.mjs";
import { median } from "../lib/statistics.mjs";

export function answersCase({ share }) {
  return {
    name: "answer",
    title: "Enqueue to result, one after another, p50 (no-storage keeps no results)",
    unit: "ms",
    rounds: 3,
    variants: ["bullmq", "bee-queue", "raw", "regular"].map((peer) => ({ name: peer, peer, count: 100 * share })),
    async measure(services, { peer, count }) {
      const run = await freshRun(services, peer, { concurrency: 25, processes: 1, answers: true });
      const worker = await startWorker(run);
      try {
        const { times } = await act(run, "answers", { count });
        await finish(run, count);
        runsOf(run, count);
        return median(times);
      } finally {
        await worker.stop();
      }
    },
  };
}
