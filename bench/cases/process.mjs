/** Jobs per second of one worker that finds a full queue: no-op tasks, all slots always busy. */
import { until } from "../lib/clock.mjs";
import { cpuOf } from "../lib/cpu.mjs";
import { countLedger } from "../lib/ledger.mjs";
import { act, finish, freshRun, runsOf, startWorkers } from "../lib/measure.mjs";

const shapes = [
  { shape: "0 × 100", concurrency: 100, processes: 0 },
  { shape: "1 × 100", concurrency: 100, processes: 1 },
  { shape: "4 × 25", concurrency: 25, processes: 4 },
];
/** About three seconds each, so that no process is measured while its code is still being compiled. */
const counts = { "no-storage": 480_000, raw: 100_000, regular: 50_000 };

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

/** Fills a queue, lets a worker empty it, checks everything, and gives the steady rate. */
export async function measure(services, variant) {
  return (await measureFully(services, variant)).value;
}

/** The same, with the CPU time of 1,000 jobs: of the worker, its children and both stores, in milliseconds. */
export async function measureFully(services, { peer, count, due, runs = count, ...more }) {
  const run = await freshRun(services, peer, more);
  await act(run, "fill", { count });
  const worker = await startWorkers(run);
  let cpu;
  try {
    cpu = await cpuOfJobs(run, count);
    await finish(run, count, runs);
  } finally {
    await worker.stop();
  }
  return { value: steadyRate(runsOf(run, count, due)), "cpu cost": cpu };
}

/** Without the time in which processes start and code is compiled. */
async function cpuOfJobs({ ledger }, count) {
  const at = async (share) => {
    await until(
      () => countLedger(ledger) >= count * share,
      () => `${countLedger(ledger)} of ${count} jobs ran`,
    );
    return { ran: countLedger(ledger), cpu: cpuOf(process.pid) - ownCpu() };
  };
  const [from, to] = [await at(0.2), await at(0.9)];
  return to.ran > from.ran && to.cpu >= from.cpu ? ((to.cpu - from.cpu) / (to.ran - from.ran)) * 1000 : undefined;
}

/** The harness itself is not counted. */
function ownCpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Starts per second, without the first fifth (start-up and warm-up) and the last twentieth (slots run empty). */
export function steadyRate(runs) {
  const [from, to] = [Math.floor(runs.length * 0.2), Math.floor(runs.length * 0.95)];
  return ((to - from) / (runs[to].at - runs[from].at)) * 1000;
}
