/** The three shapes of a worker with a full queue of no-op jobs, and the CPU time of 1,000 of them. */
import { measureFully } from "./process.mjs";

/** About two seconds each, past the compiling of code. */
const wide = { bullmq: 45_000, "bee-queue": 45_000, agenda: 300, "no-storage": 200_000, raw: 32_000, regular: 28_000 };
const four = { bullmq: 32_000, "bee-queue": 45_000, "no-storage": 140_000, raw: 24_000, regular: 24_000 };
const single = { bullmq: 8_000, "bee-queue": 8_000, "no-storage": 14_000, raw: 1_200, regular: 1_200 };
/** Only where they are asked for. A worker of RQ runs one job at a time: one worker, then four. */
const inPython = { wide: { celery: 2_000, rq: 160 }, four: { celery: 2_000, rq: 400 } };
/** Peers without processes of their own are started four times. */
const alone = ["bullmq", "bee-queue", "agenda"];

export const throughputCases = ({ share, python = false }) => [
  {
    ...shared("process c=100", "Process no-op jobs, 100 in flight"),
    variants: [
      ...variants(wide, share, (peer) => shapeOf(peer, 100, 0)),
      { name: "no-storage, one child", peer: "no-storage", count: wide["no-storage"] * share, ...shapeOf("", 100, 1) },
      ...variants(python ? inPython.wide : {}, share, (peer) => shapeOf(peer, 100, 0)),
      { name: "bare Lua loop", peer: "bare", count: 240_000 * share },
    ],
  },
  {
    ...shared("process 4×25", "Process no-op jobs, four processes with 25 in flight each"),
    variants: variants({ ...four, ...(python && inPython.four) }, share, (peer) => shapeOf(peer, 25, 4)),
  },
  {
    ...shared("process c=1", "Process no-op jobs one at a time"),
    variants: variants(single, share, (peer) => shapeOf(peer, 1, 0)),
  },
];

function shared(name, title) {
  const cpu = { name: "cpu cost", title: `${title}: CPU time of 1,000 jobs, worker and stores`, unit: "ms" };
  return {
    name,
    title,
    unit: "jobs/s",
    sides: [{ ...cpu, name: `cpu cost, ${name}`, pick: "cpu cost" }],
    measure: measureFully,
  };
}

function variants(counts, share, shape) {
  return Object.entries(counts).map(([peer, count]) => ({ name: peer, peer, count: count * share, ...shape(peer) }));
}

function shapeOf(peer, concurrency, processes) {
  return alone.includes(peer) ? { concurrency, replicas: Math.max(1, processes) } : { concurrency, processes };
}
