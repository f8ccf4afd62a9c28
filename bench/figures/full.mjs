/** What `npm run bench` judges, as data: see `smoke.mjs` for the fields. `aim` is what would be best. */
const to = (name, ours, against, limits) => ({ name, ours, against, ...limits });
const atLeast = (must, aim) => ({ atLeast: must, aim });
const atMost = (must, aim) => ({ atMost: must, aim });

const wide = (variant) => `process c=100: ${variant}`;
const four = (variant) => `process 4×25: ${variant}`;
const single = (variant) => `process c=1: ${variant}`;

const processing = [
  to("no-storage, 100 in flight, to BullMQ", wide("no-storage"), wide("bullmq"), atLeast(3.5, 6)),
  to("no-storage, 100 in flight, one child, to BullMQ", wide("no-storage, one child"), wide("bullmq")),
  to("no-storage, 4×25, to four BullMQ × 25", four("no-storage"), four("bullmq"), atLeast(4, 6)),
  to("no-storage, 4×25, to four Bee-Queue × 25", four("no-storage"), four("bee-queue"), atLeast(2.5, 3.8)),
  to("no-storage, one at a time, to BullMQ", single("no-storage"), single("bullmq"), atLeast(1.5, 2.4)),
  to("raw, 100 in flight, to BullMQ", wide("raw"), wide("bullmq"), atLeast(0.6, 1.3)),
  to("regular, 100 in flight, to BullMQ on Redis", wide("regular"), wide("bullmq"), atLeast(0.45, 1)),
  to("regular, 100 in flight, to Agenda", wide("regular"), wide("agenda"), atLeast(25, 50)),
  to("no-storage, 100 in flight, to a bare Lua loop", wide("no-storage"), wide("bare Lua loop"), atLeast(0.55, 0.8)),
];

const adding = [
  to("add one by one, no-storage, to BullMQ", "add single: no-storage", "add single: bullmq", atLeast(1.4, 1.8)),
  to(
    "add, 100 producers, no-storage, to BullMQ",
    "add concurrent: no-storage",
    "add concurrent: bullmq",
    atLeast(2, 4),
  ),
  to("add bulks of 50, no-storage, to BullMQ", "add bulks: no-storage", "add bulks: bullmq", atLeast(5, 9)),
  to("add, 100 producers, regular, to Agenda", "add concurrent: regular", "add concurrent: agenda", atLeast(8, 18)),
];

/** A cost is the rate without the burden, divided by the rate with it. */
const burdens = { "no-storage": ["waiting", "delayed"], regular: ["waiting", "delayed", "finished"] };

const claiming = [
  ...Object.entries(burdens).flatMap(([mode, kinds]) =>
    kinds.map((kind) =>
      to(
        `claim cost, many ${kind}, ${mode}`,
        `backlog: ${mode}, empty`,
        `backlog: ${mode}, ${kind}`,
        atMost(1.2, 1.05),
      ),
    ),
  ),
  ...Object.keys(burdens).flatMap((mode) => [
    to(
      `claim cost, 1,000 queues, ${mode}`,
      `queues: ${mode}, 1 queues`,
      `queues: ${mode}, 1000 queues`,
      atMost(1.5, 1.1),
    ),
    to(
      `throughput beside 20 idle workers, ${mode}`,
      `idle workers: ${mode}, 20 idle workers`,
      `idle workers: ${mode}, 0 idle workers`,
      atLeast(0.9, 0.98),
    ),
  ]),
];

const idling = [
  to("idle pickup p50, no-storage, to BullMQ", "pickup: no-storage", "pickup: bullmq", atMost(1.2, 0.8)),
  to("idle pickup p50, raw, to BullMQ", "pickup: raw", "pickup: bullmq", atMost(1.2, 0.8)),
  to("idle pickup p50, regular, to BullMQ", "pickup: regular", "pickup: bullmq", atMost(5, 2.5)),
  ...["no-storage", "regular"].flatMap((mode) => [
    { name: `idle worker, 1 queue, ${mode}`, ours: `idle cost: ${mode}, 1 queue`, unit: "per s", ...atMost(5, 1) },
    {
      name: `idle worker, 1,000 queues, ${mode}`,
      ours: `idle cost: ${mode}, 1,000 queues`,
      unit: "per s",
      ...atMost(5, 1),
    },
  ]),
  {
    name: "idle worker, 10,000 sub-queues, no-storage",
    ours: "idle cost: no-storage, 10,000 sub-queues",
    unit: "per s",
    ...atMost(20, 5),
  },
];

const memory = [
  to(
    "bytes per waiting job, no-storage, to BullMQ",
    "bytes waiting: no-storage",
    "bytes waiting: bullmq",
    atMost(0.6, 0.35),
  ),
  to(
    "bytes per waiting job added alone, to BullMQ",
    "bytes waiting: no-storage, added one by one",
    "bytes waiting: bullmq",
  ),
  // One byte: what the allocator gives or takes, spread over the jobs of the measurement.
  ...["no-storage", "raw"].map((mode) => ({
    name: `bytes left per finished job, ${mode}`,
    ours: `bytes done: ${mode}`,
    unit: "bytes",
    ...atMost(1, 0),
  })),
  ...["no-storage", "regular"].map((mode) => ({
    name: `memory gained under full load, ${mode}`,
    ours: `soak: ${mode}`,
    unit: "%",
    atMost: 5,
  })),
];

export const fullFigures = [...processing, ...adding, ...claiming, ...idling, ...memory];
