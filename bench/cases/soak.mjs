/** Does memory grow under full load? Megabytes gained over the last four fifths, by a straight line through all samples. */
import { now } from "../lib/clock.mjs";
import { memoryOf } from "../lib/cpu.mjs";
import { assertExactlyOnce, numbersOf } from "../lib/ledger.mjs";
import { act, finish, freshRun, startWorker } from "../lib/measure.mjs";

export function soakCase({ soak }) {
  return {
    name: "soak",
    title: `Memory gained under full load, last four fifths of ${soak} s, per cent of the level`,
    unit: "%",
    rounds: 1,
    variants: ["no-storage", "regular"].map((peer) => ({ name: peer, peer })),
    async measure(services, { peer }) {
      const run = await freshRun(services, peer, { concurrency: 100, processes: 1 });
      const worker = await startWorker(run);
      const sampler = sample(worker.pid);
      try {
        const { added } = await act(run, "sustain", { time: soak * 1000, depth: 20_000 }, { patience: soak * 1000 });
        const growth = growthOf(sampler.stop());
        await finish(run, added);
        assertExactlyOnce(numbersOf(run.ledger), added);
        return growth;
      } finally {
        sampler.stop();
        await worker.stop();
      }
    },
  };
}

function sample(pid) {
  const samples = [];
  const timer = setInterval(() => samples.push({ at: now(), mb: memoryOf(pid) }), 500);
  return { stop: () => (clearInterval(timer), samples) };
}

/** Per cent of the mean that the line of least squares rises by. */
function growthOf(all) {
  const samples = all.slice(Math.floor(all.length / 5));
  const mean = (pick) => samples.reduce((sum, one) => sum + pick(one), 0) / samples.length;
  const [at, mb] = [mean((one) => one.at), mean((one) => one.mb)];
  const slope = mean((one) => (one.at - at) * (one.mb - mb)) / mean((one) => (one.at - at) ** 2);
  return ((slope * (samples.at(-1).at - samples[0].at)) / mb) * 100;
}
