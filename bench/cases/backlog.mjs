/**
 * Does a claim cost more where much waits, is delayed, or is done? The same jobs in deployments side by side in the same
 * stores: one empty, one for each kind of burden. Filled once, measured in turns; each round adds what it takes out.
 */
import { until } from "../lib/clock.mjs";
import { copyJob } from "../lib/copy-job.mjs";
import { countLedger, readLedger } from "../lib/ledger.mjs";
import { act, placeFor, startWorker } from "../lib/measure.mjs";
import { steadyRate } from "./process.mjs";

const counts = { "no-storage": 120_000, regular: 24_000 };
const burdens = { "no-storage": ["empty", "waiting", "delayed"], regular: ["empty", "waiting", "delayed", "finished"] };
const day = 86_400_000;

export function backlogCase({ share, backlog }) {
  const sizes = `${short(backlog)} waiting, ${short(backlog)} delayed or ${short(finishedOf(backlog))} finished`;
  return {
    name: "backlog",
    title: `Process with ${sizes} jobs, 100 in flight`,
    unit: "jobs/s",
    rounds: 3,
    variants: Object.entries(burdens).flatMap(([peer, kinds]) =>
      kinds.map((kind) => ({ name: `${peer}, ${kind}`, peer, kind, backlog, count: counts[peer] * share })),
    ),
    async prepare(services, variants) {
      await services.clear();
      await Promise.all(variants.map((variant) => burden[variant.kind](services, variant)));
    },
    measure,
  };
}

/** History grows longer than lines. */
const finishedOf = (backlog) => 5 * backlog;

const short = (count) => (count >= 1_000_000 ? `${count / 1_000_000} M` : `${count / 1000} k`);

const burden = {
  empty: async () => {},
  waiting: (services, variant) => pile(services, variant, { count: 1 }),
  delayed: (services, variant) => pile(services, variant, { count: 1, delay: day }),
  /** One job that really ran, and copies of its document. */
  async finished(services, variant) {
    await measure(services, { ...variant, count: 20 }, 0);
    await copyJob(jobsOf(services, variant), "success", finishedOf(variant.backlog));
  },
};

/** Redis takes many jobs as they come; MongoDB copies one. */
async function pile(services, variant, job) {
  if (variant.peer !== "regular") return fill(services, variant, { ...job, count: variant.backlog });
  await fill(services, variant, job);
  return copyJob(jobsOf(services, variant), "queued", variant.backlog);
}

const jobsOf = (services, variant) => services.mongo.db().collection(`${prefixOf(variant)}_jobs`);

const prefixOf = ({ peer, kind }) => `${peer}-${kind}`;

const place = (services, variant) =>
  placeFor(services, variant.peer, { prefix: prefixOf(variant), concurrency: 100, processes: 0 });

const fill = (services, variant, more) => act(place(services, variant), "fill", more, { patience: 300_000 });

/** Adds `count` jobs with numbers of their own and stops the worker when so many ran; those that wait are the next. */
async function measure(services, variant, round) {
  const { count, backlog } = variant;
  const run = place(services, variant);
  await act(run, "fill", { from: 6 * backlog + round * count, count });
  const worker = await startWorker(run);
  try {
    await until(
      () => countLedger(run.ledger) >= count,
      () => `${countLedger(run.ledger)} of ${count} jobs ran`,
    );
  } finally {
    await worker.stop();
  }
  const runs = readLedger(run.ledger);
  const twice = runs.length - new Set(runs.map(({ number }) => number)).size;
  if (twice > 0) throw new Error(`${twice} jobs ran more than once`);
  return steadyRate(runs.slice(0, count));
}
