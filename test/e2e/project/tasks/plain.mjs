import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { defineTask } from "tandemq";

/** Tells the test what happened, where a no-storage queue would forget it. One line per call, in the order of the calls. */
const tell = (line) => appendFileSync(process.env.E2E_STORY, `${line}\n`);

export const echo = defineTask("e2e.echo", (params) => params);

export const where = defineTask("e2e.where", async () => {
  await sleep(20);
  return { pid: process.pid };
});

export const note = defineTask("e2e.note", ({ text }) => tell(text));

/** Fails until its last attempt. */
export const flaky = defineTask("e2e.flaky", ({ text }, job) => {
  tell(`${text} ${job.attempt}/${job.attempts}`);
  if (job.attempt < job.attempts) throw new Error(`attempt ${job.attempt} fails`);
});

/** Runs until the file is there; tells its start, its end, and that it was aborted. */
export const hold = defineTask("e2e.hold", async ({ text, until, deaf = false }, job) => {
  tell(`start ${text}`);
  const { existsSync } = await import("node:fs");
  while (!existsSync(until)) {
    await sleep(10);
    if (!deaf && job.signal.aborted) {
      tell(`abort ${text}`);
      throw job.signal.reason;
    }
  }
  tell(`end ${text}`);
});

export const throws = defineTask("e2e.throw", ({ message }) => {
  throw new RangeError(message);
});

/** Returns what does not survive its way through a store; `undefined` does. */
export const yields = defineTask("e2e.yield", ({ kind }) => {
  const circle = {};
  circle.self = circle;
  let deep = {};
  for (let i = 0; i < 200; i++) deep = { deep };
  return { bigint: { big: 1n }, nan: [Number.NaN], circle, deep, large: "x".repeat(2_000_000) }[kind];
});

export const log = defineTask("e2e.log", ({ lines }, job) => {
  for (const line of lines) job.log.info(line);
});

/** Leaves a timer and connections open, as task code does. */
export const opens = defineTask("e2e.opens", async () => {
  const { MongoClient } = await import("mongodb");
  setInterval(() => {}, 60_000);
  await new MongoClient(process.env.TANDEMQ_MONGO).connect();
});

/** Ends within a transaction of its own. */
export const complete = defineTask("e2e.complete", async (_params, job) => {
  const { MongoClient } = await import("mongodb");
  const client = new MongoClient(process.env.TANDEMQ_MONGO);
  try {
    await client.withSession((session) => session.withTransaction(() => job.complete(session)));
  } finally {
    await client.close();
  }
});

/** Takes memory until there is none left. */
export const eat = defineTask(
  "e2e.eat",
  async () => {
    const eaten = [];
    for (;;) {
      for (let i = 0; i < 100; i++) eaten.push(Array(1000).fill(eaten.length));
      await sleep(0);
    }
  },
  { onFailed: ({ code }, job, status) => tell(`${job.path} ${status}: ${code}`) },
);

let turns = 0;

/** Tells that it starts; the one that starts as number `slow.at` in its process runs until the file is there. */
export const turn = defineTask("e2e.turn", async ({ text, slow }) => {
  tell(text);
  if (++turns !== slow.at) return;
  const { existsSync } = await import("node:fs");
  while (!existsSync(slow.until)) await sleep(10);
});
