/** Jobs per second of one worker that finds a full queue: no-op tasks, all slots always busy. */
import { act, finish, freshRun, runsOf, startWorker } from "../lib/measure.mjs";

const shapes = [
  { shape: "0 × 100", concurrency: 100, processes: 0 },
  { shape: "1 × 100", concurrency: 100, processes: 1 },
  { shape: "4 × 25", concurrency: 25, processes: 4 },
];
/** About three seconds each, so that no process is measured while its code is still being compiled. */
const counts = { "no-storage": 240_000, raw: 50_000, regular: 40_000 };

export function processCase({ share }) {
  const bullmq = { shape: "100", concurrency: 100, count: 100_000 * share };
  return {
    name: "process",
    title: "Process no-op jobs (processes × concurrency)",
    unit: "jobs/s",
    variants: [
      { name: "bullmq 100", peer: "bullmq", ...bullmq },
      { name: "bullmq remove 100", peer: "bullmq remove", ...bullmq },
      ...Object.entries(counts).flatMap(([mode, count]) =>
        shapes.map((shape) => ({ name: `${mode} ${shape.shape}`, peer: mode, ...shape, count: count * share })),
      ),
    ],
    measure,
  };
}

export async function measure(services, { peer, count, ...more }) {
  const run = await freshRun(services, peer, more);
  await act(run, "fill", { count });
  const worker = await startWorker(run);
  try {
    await finish(run, count);
  } finally {
    await worker.stop();
  }
  return steadyRate(runsOf(run, count));
}

/** Starts per second, without the first fifth (start-up and warm-up) and the last twentieth (slots run empty). */
function steadyRate(runs) {
  const [from, to] = [Math.floor(runs.length * 0.2), Math.floor(runs.length * 0.95)];
  return ((to - from) / (runs[to].at - runs[from].at)) * 1000;
}
