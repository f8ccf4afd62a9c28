/** Jobs that do something: wait, compute, carry 10 kB, fail at first. */
import { fails } from "../lib/work.mjs";
import { measure } from "./process.mjs";

const hundred = { concurrency: 100, processes: 1 };
const four = { concurrency: 25, processes: 4 };
const text = "x".repeat(10_000);
/** One round: nothing is decided by these. */
const common = { unit: "jobs/s", rounds: 1, measure };

export const workCases = ({ share }) => [
  {
    name: "work waits",
    title: "Jobs that wait for 5 ms, 100 in flight",
    ...common,
    variants: each(["bullmq", "no-storage", "regular"], {
      ...hundred,
      ...{ task: "nap", more: { ms: 5 }, count: 16_000 * share },
    }),
  },
  {
    name: "work computes",
    title: "Jobs of about 5 ms of CPU, four processes with 25 in flight each",
    ...common,
    variants: each(["bullmq", "no-storage", "regular"], {
      ...four,
      ...{ task: "spin", more: { rounds: 9_000 }, count: 600 * share, replicated: 4 },
    }),
  },
  {
    name: "work carries 10 kB",
    title: "Jobs with params of 10 kB, 100 in flight",
    ...common,
    variants: each(["bullmq", "bee-queue", "no-storage", "regular"], {
      ...hundred,
      ...{ more: { text }, count: 10_000 * share },
    }),
  },
  {
    name: "work fails at first",
    title: "Every tenth job fails at its first attempt, 100 in flight",
    ...common,
    variants: each(["bullmq", "bee-queue", "no-storage", "regular"], {
      ...hundred,
      ...{
        task: "flaky",
        attempts: 2,
        count: 20_000 * share,
        runs: 22_000 * share,
        due: (number) => (fails(number) ? 2 : 1),
      },
    }),
  },
];

function each(peers, { replicated = 1, ...shape }) {
  const alone = ["bullmq", "bee-queue"];
  return peers.map((peer) => ({ name: peer, peer, ...shape, ...(alone.includes(peer) && { replicas: replicated }) }));
}
