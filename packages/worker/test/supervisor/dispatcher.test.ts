import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { type Claim, createMemoryDeployment, newJobId, type Outcome } from "@tandemq/core";
import type { Delivery } from "../../src/delivery.js";
import type { ExecutorPool } from "../../src/pools/executor-pool.js";
import type { SoloPool } from "../../src/pools/solo-pool.js";
import { StartTimes } from "../../src/supervisor/admission/start-times.js";
import { Dispatcher } from "../../src/supervisor/dispatch/dispatcher.js";
import { Ledger } from "../../src/supervisor/holding/ledger.js";

/** A dispatcher whose pool has no slot until it is given some, and two jobs that it was to run. */
async function stage(startOfFirst?: number) {
  const deployment = createMemoryDeployment();
  const [source] = await deployment.sources(["q"]);
  if (!source) throw new Error("a memory deployment has sources");
  const job = { queue: "q", path: "p", params: "{}", priority: 0, settings: {}, due: { after: 0 } };
  await source.broker.enqueue([newJobId(), newJobId()].map((id) => ({ id, ...job })));
  const { claims } = await source.broker.claim({ queues: ["q"], max: 2, lease: 60_000, worker: "w" });
  const pool = { free: 0, ran: [] as Delivery[] };
  const main: Partial<ExecutorPool> = {
    waiting: 0,
    release: () => {},
    get free() {
      return pool.free;
    },
    get room() {
      return pool.free;
    },
    run(deliveries) {
      const now = deliveries.slice(0, pool.free);
      pool.free -= now.length;
      pool.ran.push(...now);
      return deliveries.slice(now.length);
    },
  };
  const starts = new StartTimes();
  if (startOfFirst !== undefined) starts.set(claims[0] as Claim, startOfFirst);
  const ended: [Delivery, Outcome][] = [];
  const ledger = new Ledger(() => {});
  const dispatcher = new Dispatcher({
    ...{ ledger, main: main as ExecutorPool, maxLost: 3, catalog: () => ({}), starts },
    solo: { run: () => [], release: () => {} } as unknown as SoloPool,
    settle: (delivery, outcome) => {
      ended.push([delivery, outcome]);
      ledger.settling(delivery);
    },
  });
  dispatcher.dispatch(claims, source);
  return { dispatcher, deliveries: ledger.all(), pool, ended };
}

test("a job that is aborted before it has begun does not begin", async () => {
  const { dispatcher, deliveries, pool, ended } = await stage();
  const [unwanted, wanted] = deliveries as [Delivery, Delivery];
  dispatcher.remove([unwanted]);
  pool.free = 2;
  dispatcher.refill();
  expect(pool.ran).toEqual([wanted]);
  expect(ended).toEqual([[unwanted, { status: "interrupt", limited: true }]]);
  dispatcher.stop();
});

test("a job that has its slot and waits for the next turn runs although the worker stops", async () => {
  const { dispatcher, deliveries, pool, ended } = await stage();
  pool.free = 1;
  dispatcher.stop();
  expect(pool.ran).toEqual(deliveries.slice(0, 1));
  expect(ended).toEqual([[deliveries[1], { status: "interrupt", limited: true }]]);
});

test("a job that was claimed and found no slot goes back as one that has not begun", async () => {
  const { dispatcher, deliveries, ended } = await stage();
  dispatcher.stop();
  expect(ended).toEqual(deliveries.map((delivery) => [delivery, { status: "interrupt", limited: true }]));
});

test("a process that stood still fills its free slots before it gives back what waited for them", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate"] });
  const { dispatcher, deliveries, pool, ended } = await stage();
  pool.free = 1;
  jest.advanceTimersByTime(1000);
  expect(pool.ran).toEqual(deliveries.slice(0, 1));
  expect(ended).toEqual([[deliveries[1], { status: "interrupt", limited: true }]]);
  dispatcher.stop();
  jest.useRealTimers();
});

describe("a job that its limit let go early", () => {
  /** The first of the jobs starts in so many milliseconds; there is a slot for each. */
  async function early(ms: number) {
    jest.useFakeTimers({ doNotFake: ["setImmediate"] });
    const at = performance.now() + ms;
    const staged = await stage(at);
    staged.pool.free = 2;
    staged.dispatcher.refill();
    return { ...staged, first: staged.deliveries[0] as Delivery, second: staged.deliveries[1] as Delivery };
  }
  afterEach(() => jest.useRealTimers());

  test("has a slot kept for it and runs at its time, not before", async () => {
    const { dispatcher, pool, first, second } = await early(80);
    expect([pool.ran, dispatcher.waiting]).toEqual([[second], 1]);
    jest.advanceTimersByTime(79);
    expect(pool.ran).toEqual([second]);
    jest.advanceTimersByTime(1);
    expect([pool.ran, dispatcher.waiting]).toEqual([[second, first], 0]);
    expect(first.since).toBe(performance.now());
    dispatcher.stop();
  });

  test("runs although the worker stops: its start is counted", async () => {
    const { dispatcher, pool, first, second, ended } = await early(80);
    dispatcher.stop();
    jest.advanceTimersByTime(80);
    expect(pool.ran).toEqual([second, first]);
    expect(ended).toEqual([]);
  });

  test("goes back to expire when its startBy has passed meanwhile", async () => {
    const { dispatcher, pool, first, second, ended } = await early(80);
    first.claim = { ...first.claim, startBy: first.claim.claimedAt + 79 };
    jest.advanceTimersByTime(80);
    expect(pool.ran).toEqual([second]);
    expect(ended).toEqual([[first, { status: "interrupt", limited: true }]]);
    dispatcher.stop();
  });

  test("does not run when it is aborted meanwhile, or held by nobody", async () => {
    const { dispatcher, pool, first, second, ended } = await early(80);
    dispatcher.remove([first]);
    jest.advanceTimersByTime(80);
    expect(pool.ran).toEqual([second]);
    expect(ended).toEqual([[first, { status: "interrupt", limited: true }]]);
    dispatcher.stop();
  });
});
