/** Does it cost the busy queue anything that its worker serves 999 others, or that 20 idle workers are attached? */
import { act, finish, freshRun, runsOf, startWorker } from "../lib/measure.mjs";
import { steadyRate } from "./process.mjs";

const shape = { concurrency: 100, processes: 1 };
const counts = { "no-storage": 100_000, regular: 20_000 };

export const queueCases = ({ share }) => [
  {
    name: "queues",
    title: "One busy queue, alone or with 999 empty ones on the same worker, 100 in flight",
    unit: "jobs/s",
    rounds: 3,
    variants: both(share, [1, 1_000], "queues"),
    async measure(services, { peer, count, extra }) {
      const run = await freshRun(services, peer, { ...shape, queue: "many-0", pattern: "many-*" });
      const queues = Array.from({ length: extra - 1 }, (_, i) => `many-${i + 1}`);
      await act(run, "spread", { queues, from: count });
      return drain(run, count + queues.length, () => act(run, "fill", { count }));
    },
  },
  {
    name: "idle workers",
    title: "A busy worker, alone or beside 20 idle workers of other queues, 100 in flight",
    unit: "jobs/s",
    rounds: 3,
    variants: both(share, [0, 20], "idle workers"),
    async measure(services, { peer, count, extra }) {
      const run = await freshRun(services, peer, { ...shape, pattern: "*", serve: ["bench"] });
      const idlers = extra > 0 && (await startWorker(run, { action: "idlers", count: extra, processes: 0 }));
      try {
        return await drain(run, count, () => act(run, "fill", { count }));
      } finally {
        if (idlers) await idlers.stop();
      }
    },
  },
];

async function drain(run, count, fill) {
  await fill();
  const worker = await startWorker(run);
  try {
    await finish(run, count);
  } finally {
    await worker.stop();
  }
  return steadyRate(runsOf(run, count));
}

function both(share, extras, what) {
  return Object.entries(counts).flatMap(([peer, count]) =>
    extras.map((extra) => ({ name: `${peer}, ${extra} ${what}`, peer, extra, count: count * share })),
  );
}
