import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  type Broker,
  BrokerUnavailableError,
  type Claim,
  type JobStore,
  type NewJob,
  type Outcome,
} from "@tandemq/core";
import { createRedis, type RedisStore } from "@tandemq/redis";
import { randomBytes } from "node:crypto";
import { redisUrl } from "../../../../test/support/stores.js";
import { waitFor } from "../../../../test/support/wait-for.js";
import { NoStorageBroker } from "../../src/modes/no-storage/no-storage-broker.js";
import { claimNow, countsOf, newJob, queue } from "../support/jobs.js";
import { openRawStores, type RawStores } from "../support/raw-stores.js";

const failure: Outcome = { status: "failed", error: { name: "Error", message: "no" } };

let stores: RawStores;
let redis: RedisStore;
let isAway: boolean;
/** What happens before a call of the store, or after it, by the call's name. */
let before: Record<string, () => Promise<unknown>>;
let after: Record<string, () => Promise<unknown>>;
let warnings: string[];
let broker: Broker;
beforeEach(async () => {
  stores = await openRawStores();
  redis = createRedis({ url: redisUrl(), prefix: `tq-${randomBytes(5).toString("hex")}` });
  isAway = false;
  [before, after] = [{}, {}];
  warnings = [];
  broker = compose();
});
afterEach(async () => {
  await broker.close();
  await redis.close();
  await stores[Symbol.asyncDispose]();
});

function compose(): Broker {
  const live = redis.broker({ countFinished: true });
  const keeping = redis.broker({ countFinished: true, keepFailures: 100 });
  const warn = (message: string) => void warnings.push(message);
  return new NoStorageBroker({ live, keeping, store: leaving(stores.store), warn });
}

/** The store, as long as it is not away. */
function leaving(store: JobStore): JobStore {
  return new Proxy(store, {
    get: (object, name) => {
      const value: unknown = Reflect.get(object, name, object);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        if (isAway) throw new BrokerUnavailableError("the store is away");
        await before[String(name)]?.();
        const answer: unknown = await value.apply(object, args);
        await after[String(name)]?.();
        return answer;
      };
    },
  });
}

async function end(outcome: Outcome): Promise<NewJob> {
  const job = newJob();
  await broker.enqueue([job]);
  const [{ id, token }] = (await claimNow(broker, "w1", 60_000)) as [Claim];
  expect(await broker.settle([{ id, queue, token, outcome }])).toEqual([{ state: "settled" }]);
  return job;
}

test("a success is counted and vanishes, a failure is kept in the store", async () => {
  const [good, bad] = [await end({ status: "success", result: 1 }), await end(failure)];
  expect(await broker.get([good])).toEqual([undefined]);
  expect((await broker.get([bad]))[0]).toMatchObject({ status: "failed", attempt: 1, error: { message: "no" } });
  expect((await stores.store.get([bad.id]))[0]).toMatchObject({ status: "failed", params: { n: 1 } });
  expect(await countsOf(broker)).toMatchObject({ queued: 0, started: 0, success: 1, failed: 1 });
});

test("while the store is away failures are kept in Redis, and the queue goes on", async () => {
  isAway = true;
  const [first, second] = [await end(failure), await end(failure)];
  await end({ status: "success" });
  expect((await broker.get([first]))[0]).toMatchObject({ status: "failed" });
  expect((await broker.find({ queue })).map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
  expect(await countsOf(broker)).toMatchObject({ queued: 0, started: 0, success: 1, failed: 2 });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("the store is away");
});

test("failures of both homes are found, counted and requeued", async () => {
  isAway = true;
  const kept = await end(failure);
  isAway = false;
  broker = compose();
  const stored = await end(failure);
  expect((await broker.find({ queue, status: ["failed"] })).map(({ id }) => id).sort()).toEqual(
    [kept.id, stored.id].sort(),
  );
  expect(await countsOf(broker)).toMatchObject({ failed: 2 });
  expect(await broker.requeue([kept, stored])).toEqual(["done", "done"]);
  expect(await countsOf(broker)).toMatchObject({ queued: 2, failed: 0 });
  expect(await stores.store.get([stored.id])).toEqual([undefined]);
});

test("a delivery that was lost leaves no record of its failure", async () => {
  const job = newJob();
  await broker.enqueue([job]);
  const [late] = (await claimNow(broker, "w1", 60_000)) as [Claim];
  await broker.settle([{ ...late, outcome: { status: "interrupt" } }]);
  await claimNow(broker, "w2", 60_000);
  expect(await broker.settle([{ id: job.id, queue, token: late.token, outcome: failure }])).toEqual([
    { state: "lost" },
  ]);
  expect(await stores.store.get([job.id])).toEqual([undefined]);
});

test("a cancelled job is a failure, too", async () => {
  const job = newJob();
  await broker.enqueue([job]);
  expect(await broker.cancel([job])).toEqual(["done"]);
  expect((await stores.store.get([job.id]))[0]).toMatchObject({ status: "cancel" });
  expect(await broker.cancel([job])).toEqual(["final"]);
  expect(await countsOf(broker)).toMatchObject({ queued: 0, cancel: 1 });
});

test("a new life that fails before its requeue is over leaves its failure", async () => {
  const job = await end(failure);
  before["removeEarlier"] = async () => {
    const [claim] = (await claimNow(broker, "w2", 60_000)) as [Claim];
    expect(claim).toMatchObject({ id: job.id, generation: 2 });
    await broker.settle([{ ...claim, outcome: { status: "failed", error: { name: "Error", message: "again" } } }]);
  };
  expect(await broker.requeue([job])).toEqual(["done"]);
  expect((await broker.get([job]))[0]).toMatchObject({ status: "failed", generation: 2, error: { message: "again" } });
  expect(await countsOf(broker)).toMatchObject({ queued: 0, started: 0, failed: 1 });
});

test("a job that is requeued while its cancelling goes on waits in line", async () => {
  const job = newJob();
  await broker.enqueue([job]);
  after["record"] = async () => {
    expect(await broker.requeue([job])).toEqual(["done"]);
  };
  expect(await broker.cancel([job])).toEqual(["done"]);
  expect(await claimNow(broker, "w1", 60_000)).toMatchObject([{ id: job.id, generation: 2 }]);
});

test.each(["before", "after"])(
  "a job that is requeued %s its cancelling is stored, and goes on in another queue, has one life",
  async (moment) => {
    const [job, other] = [newJob(), `${queue}-other`];
    await broker.enqueue([job]);
    const hooks = moment === "before" ? before : after;
    hooks["record"] = async () => {
      delete hooks["record"];
      expect(await broker.requeue([job])).toEqual(["done"]);
      const [claim] = (await claimNow(broker, "w1", 60_000)) as [Claim];
      const outcome: Outcome = { ...failure, status: "retry", delay: 60_000, queue: other };
      expect(await broker.settle([{ ...claim, outcome }])).toEqual([{ state: "settled" }]);
    };
    expect(await broker.cancel([job])).toEqual(["done"]);
    expect(await broker.requeue([job])).toEqual(["missing"]);
    expect((await broker.get([{ id: job.id, queue: other }]))[0]).toMatchObject({ status: "retry", generation: 2 });
  },
);

test("of jobs that are cancelled together and are too many for the queue's list, each is stored", async () => {
  const jobs = Array.from({ length: 120 }, () => newJob());
  await broker.enqueue(jobs);
  expect(new Set(await broker.cancel(jobs))).toEqual(new Set(["done"]));
  const stored = await stores.store.get(jobs.map(({ id }) => id));
  expect(stored.filter((one) => one?.status === "cancel")).toHaveLength(120);
});

test("a failure that is there already can be redriven, although its entry has yet to leave the queue", async () => {
  let answer: Promise<readonly string[]> | undefined;
  const job = newJob();
  await broker.enqueue([job]);
  const [{ id, token }] = (await claimNow(broker, "w1", 60_000)) as [Claim];
  after["record"] = async () => {
    expect((await stores.store.get([id]))[0]).toMatchObject({ status: "failed" });
    answer = broker.requeue([job]);
    await waitFor("it was told that the job runs", async () => asked > 0);
  };
  let asked = 0;
  before["get"] = async () => asked++;
  await broker.settle([{ id, queue, token, outcome: failure }]);
  expect(await answer).toEqual(["done"]);
  expect(await claimNow(broker, "w2", 60_000)).toMatchObject([{ id, generation: 2 }]);
});
