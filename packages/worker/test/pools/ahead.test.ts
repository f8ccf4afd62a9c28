/** Jobs that a child holds ahead of its slots: what becomes of those that wait when others hold it up. */
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Claim, type JsonObject, newJobId, type Outcome, type Source } from "@tandemq/core";
import type { Delivery } from "../../src/delivery.js";
import type { PoolListener } from "../../src/pools/executor-pool.js";
import { ForkedPool } from "../../src/pools/forked-pool.js";
import type { Recycle } from "../../src/pools/recycle.js";
import { TaskFiles } from "../../src/pools/task-files.js";
import { Notes, tasks, until } from "../harness.js";

const slots = 4;
const notBegun: Outcome = { status: "interrupt", limited: true };
let pool: ForkedPool;
let outcomes: Map<number, Outcome | undefined>;
let notes: Notes;
let count = 0;

function jobs(path: string, howMany: number, params: JsonObject = {}): Delivery[] {
  const claim = { id: newJobId(), path, queue: "q", attempt: 1, deliveries: 1, lost: 0, generation: 1, settings: {} };
  const source = { name: "regular" } as Source;
  return Array.from({ length: howMany }, (): Delivery => {
    const whole = { ...claim, params: JSON.stringify(params), token: "t" } as Claim;
    return { n: ++count, place: 0, claim: whole, source, since: performance.now(), state: "running" };
  });
}

const ended = (deliveries: readonly Delivery[]) => deliveries.filter(({ n }) => outcomes.has(n)).length;
const all = (deliveries: readonly Delivery[], what: string) =>
  until(() => ended(deliveries) === deliveries.length, what);
const statuses = (deliveries: readonly Delivery[]) => deliveries.map(({ n }) => outcomes.get(n)?.status);
/** For them no time is too long to wait. */
const patient = (deliveries: readonly Delivery[]) =>
  deliveries.map((delivery) => ({ ...delivery, since: Number.POSITIVE_INFINITY }));

/** Jobs have ended just now: the child takes some ahead. */
async function warm(): Promise<void> {
  const quick = jobs("noop", slots);
  pool.run(quick);
  await all(quick, "the first jobs end");
}

/** Sends the jobs at the end of quick ones: in the moment in which there is room for all. */
async function send(deliveries: readonly Delivery[]): Promise<void> {
  await until(async () => {
    await warm();
    return pool.room >= deliveries.length && pool.run(deliveries).length === 0;
  }, "there is room");
}

function startPool(recycle: Recycle): Promise<ForkedPool> {
  const listener: Partial<PoolListener> = {
    ended: ({ n }, outcome) => void outcomes.set(n, outcome),
    log: () => {},
    ...{ freed: () => {}, loaded: () => {}, childEnded: () => {}, blocked: () => {} },
  };
  const started = new ForkedPool({
    ...{ files: new TaskFiles(tasks), slots, processes: 1, killAfter: 5000, recycle },
    listener: listener as PoolListener,
  });
  return started.start().then(() => started);
}

beforeEach(async () => {
  outcomes = new Map();
  notes = new Notes();
  pool = await startPool({});
});

afterEach(async () => {
  await pool.stop();
  notes.remove();
});

test("nothing is sent ahead to a child that has not shown that it is quick", async () => {
  expect(pool.room).toBe(slots);
  expect(pool.run(jobs("noop", 6))).toHaveLength(2);
});

test("they run when slots are free, in the async context of no other run", async () => {
  const traced = await until(async () => {
    const sent = patient(jobs("traced", 2 * slots));
    await send(sent);
    expect(pool.waiting).toBe(slots);
    await all(sent, "all end");
    // A child that stands still gives back what waits.
    return statuses(sent).every((status) => status === "success") && sent;
  }, "all run");
  for (const { n } of traced) expect(outcomes.get(n)).toEqual({ status: "success", result: { before: null } });
});

test("they go back while the thread is held, and the child goes on after it", async () => {
  const end = notes.sign("end");
  const held = jobs("holdAtOnce", 1, { until: end.file });
  const waiting = jobs("noop", 2 * slots - 1);
  await send([...held, ...waiting]);
  await all(waiting, "what waits goes back");
  expect(ended(held)).toBe(0);
  for (const { n } of waiting) expect(outcomes.get(n)).toEqual(notBegun);
  end.give();
  const later = await until(() => {
    const sent = pool.free === slots && jobs("noop", slots);
    return sent && pool.run(sent).length === 0 && sent;
  }, "slots are free again");
  await all(later, "jobs run again");
  expect(statuses(later)).toEqual(later.map(() => "success"));
});

test("nothing is taken back twice while the thread is held: what went back does not begin there", async () => {
  const [told, held] = [jobs("noop", 1), jobs("spinTelling", 1, { ms: 300 })];
  const waiting = jobs("noop", 2 * slots - 2);
  await send([...told, ...held, ...waiting]);
  await all(waiting, "what waits goes back");
  await all(told, "an end is told while the thread is held");
  const more = jobs("pid", slots + 1, { ledger: notes.file });
  const left = pool.run(more);
  const sent = more.filter((delivery) => !left.includes(delivery));
  await all([...held, ...sent], "all end");
  await until(() => pool.free === slots, "slots are free again");
  await send([...jobs("stubborn", slots, { ms: 200 }), ...jobs("noop", slots)]);
  await until(() => pool.free === slots, "nothing is kept");
  const ran = sent.filter(({ n }) => outcomes.get(n)?.status === "success");
  expect(notes.read()).toHaveLength(ran.length);
});

test("they go back when slow runs keep the slots, without a word of theirs in the history", async () => {
  const end = notes.sign("end");
  const slow = jobs("waits", slots, { until: end.file });
  const waiting = jobs("noop", 2);
  await send([...slow, ...waiting]);
  await all(waiting, "what waits goes back");
  expect(statuses(slow)).toEqual(slow.map(() => undefined));
  for (const { n } of waiting) expect(outcomes.get(n)).toEqual(notBegun);
  end.give();
});

test("they are given back at once when the worker stops", async () => {
  const end = notes.sign("end");
  const slow = jobs("waits", slots, { until: end.file, ledger: notes.file });
  const waiting = patient(jobs("noop", 2));
  await send([...slow, ...waiting]);
  await until(() => notes.read().length === slots, "the slow ones have begun");
  pool.release();
  expect(pool.room).toBe(0);
  await all(waiting, "what waits goes back");
  expect(ended(slow)).toBe(0);
  end.give();
});

test("they are not lost with a child that is killed: those that ran are", async () => {
  const guilty = jobs("die", slots);
  const waiting = jobs("noop", slots);
  await send([...guilty, ...waiting]);
  await all([...guilty, ...waiting], "all come back");
  for (const { n } of guilty) expect(outcomes.get(n)).toEqual({ status: "interrupt", lost: true });
  for (const { n } of waiting) expect(outcomes.get(n)).toEqual(notBegun);
});

test("those that are cancelled or lost do not begin", async () => {
  const end = notes.sign("end");
  const slow = jobs("waits", slots - 1, { until: end.file });
  const [stopped] = jobs("polite", 1, { ms: 600_000 }) as [Delivery];
  const [cancelled, lost] = patient(jobs("noop", 2)) as [Delivery, Delivery];
  await send([...slow, stopped, cancelled, lost]);
  pool.abort([lost], "lost");
  pool.abort([cancelled, stopped], "cancel");
  await all([stopped, cancelled, lost], "what was told to stop ends, and with its slot the others");
  expect(outcomes.get(cancelled.n)).toMatchObject({ status: "cancel" });
  expect(outcomes.get(lost.n)).toBeUndefined();
  end.give();
});

test("none are claimed ahead for a child that has no more runs left than slots", async () => {
  expect(pool.ahead).toBe(Number.POSITIVE_INFINITY);
  await pool.stop();
  pool = await startPool({ jobs: 2 * slots });
  expect(pool.ahead).toBe(slots);
  pool.run(jobs("noop", 3));
  expect(pool.ahead).toBe(1);
  pool.run(jobs("noop", 1));
  expect(pool.ahead).toBe(0);
});
