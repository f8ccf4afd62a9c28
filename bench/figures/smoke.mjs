/**
 * What must hold, as data. `ours` and `against` name series as "case: variant".
 * `atLeast` judges ours / against (or, with no `against`, ours itself), `atMost` likewise; with neither it only informs.
 */
import { availableParallelism } from "node:os";

const modes = ["no-storage", "raw", "regular"];
const bullmq = "process: bullmq 100";

const processing = [
  {
    name: "no-storage, 100 in flight, inline, to BullMQ",
    ours: "process: no-storage 0 × 100",
    against: bullmq,
    atLeast: 2.5,
    aim: 6,
  },
  {
    name: "no-storage, 100 in flight, one child, to BullMQ",
    ours: "process: no-storage 1 × 100",
    against: bullmq,
    atLeast: 2.5,
    aim: 6,
  },
  {
    name: "regular, 100 in flight, inline, to BullMQ",
    ours: "process: regular 0 × 100",
    against: bullmq,
    atLeast: 0.3,
    aim: 1,
  },
  {
    name: "regular, 100 in flight, one child, to BullMQ",
    ours: "process: regular 1 × 100",
    against: bullmq,
    atLeast: 0.3,
    aim: 1,
  },
  { name: "raw, 100 in flight, inline, to BullMQ", ours: "process: raw 0 × 100", against: bullmq },
  { name: "raw, 100 in flight, one child, to BullMQ", ours: "process: raw 1 × 100", against: bullmq },
  { name: "BullMQ removing finished jobs, to its default", ours: "process: bullmq remove 100", against: bullmq },
];

const spreading = modes.map((mode) => ({
  name: `${mode}, 4 × 25 to 1 × 100`,
  ours: `process: ${mode} 4 × 25`,
  against: `process: ${mode} 1 × 100`,
  atLeast: 0.8,
  aim: 1,
}));

const enqueueing = ["bulks", "single", "concurrent"].flatMap((way) =>
  modes.map((mode) => ({
    name: `add ${way}, ${mode}, to BullMQ`,
    ours: `add ${way}: ${mode}`,
    against: `add ${way}: bullmq`,
    ...(way === "bulks" && mode === "no-storage" ? { atLeast: 4, aim: 9 } : {}),
  })),
);

const computing = [
  {
    name: "CPU-bound, 4 processes to 1",
    ours: "cpu: no-storage 4 × 25",
    against: "cpu: no-storage 1 × 25",
    atLeast: 0.8 * availableParallelism(),
  },
  { name: "CPU-bound, bare processes, 4 to 1", ours: "cpu: bare 4 processes", against: "cpu: bare 1 process" },
];

const waiting = [
  ...modes.map((mode) => ({ name: `idle pickup p50, ${mode}`, ours: `pickup: ${mode}`, atMost: 10, unit: "ms" })),
  { name: "idle pickup p50, BullMQ", ours: "pickup: bullmq", unit: "ms" },
];

const command = [
  ...modes.map((mode) => ({ name: `idle supervisor, ${mode}`, ours: `memory: ${mode}`, atMost: 120, unit: "MB" })),
  ...modes.map((mode) => ({
    name: `first job, ${mode}, to node + drivers`,
    ours: `start: ${mode}`,
    against: "start: node + drivers",
    atMost: 2.5,
  })),
];

export const smokeFigures = [...processing, ...spreading, ...enqueueing, ...computing, ...waiting, ...command];
