import { expect, jest, test } from "@jest/globals";
import { createMemoryDeployment, newJobId, type Outcome } from "@tandemq/core";
import type { Delivery } from "../../src/delivery.js";
import type { ExecutorPool } from "../../src/pools/executor-pool.js";
import type { SoloPool } from "../../src/pools/solo-pool.js";
import { Dispatcher } from "../../src/supervisor/dispatch/dispatcher.js";
import { Ledger } from "../../src/supervisor/holding/ledger.js";

/** A dispatcher whose pool has no slot until it is given some, and two jobs that it was to run. */
async function stage() {
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
  const ended: [Delivery, Outcome][] = [];
  const ledger = new Ledger(() => {});
  const dispatcher = new Dispatcher({
    ...{ ledger, main: main as ExecutorPool, maxLost: 3, catalog: () => ({}) },
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
