import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Broker, BrokerUnavailableError, type Claim, type JobStore, type Outcome, statuses } from "@tandemq/core";
import { waitFor } from "../../../../test/support/wait-for.js";
import { RawBroker } from "../../src/modes/raw/raw-broker.js";
import { claimNow, claimOne, countsOf, isEmpty, newJob, queue, sweep, warm } from "../support/jobs.js";
import { type Arrow, Death } from "../support/mortal.js";
import { openRawStores, type RawStores } from "../support/raw-stores.js";

let stores: RawStores;
const brokers: Broker[] = [];
beforeEach(async () => {
  stores = await openRawStores();
});
afterEach(async () => {
  for (const broker of brokers.splice(0)) await broker.close().catch(() => undefined);
  await stores[Symbol.asyncDispose]();
});

/** A broker whose store is known to take writes, with other answers for some of the store's methods from now on. */
async function warmBroker(methods: Partial<JobStore> = {}, through: Omit<RawStores, symbol> = stores): Promise<Broker> {
  const now: { methods: Partial<JobStore> } = { methods: {} };
  const store = new Proxy(through.store, {
    get(target, name) {
      const value: unknown = Reflect.get(now.methods, name) ?? Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  const broker = new RawBroker(through.live, store);
  brokers.push(broker);
  await warm(broker);
  now.methods = methods;
  return broker;
}

const ended = ({ id, queue: name, token }: Claim, outcome: Outcome) => ({ id, queue: name, token, outcome });
const success = (result: string): Outcome => ({ status: "success", result });
const never: JobStore["recordStarts"] = () => Promise.reject(new Error("this start is not to be recorded"));
const document = async ({ id }: { id: string }) => (await stores.store.get([id]))[0];

async function started(broker: Broker): Promise<Claim> {
  const job = newJob();
  await broker.enqueue([job]);
  const [claim] = await claimNow(broker, "w1", 60_000);
  if (claim?.id !== job.id) throw new Error("the job was not handed out");
  return claim;
}

describe("a first delivery", () => {
  test("runs before its document is there; until then its entry tells of it", async () => {
    const broker = await warmBroker({ recordStarts: never });
    const claim = await started(broker);
    expect(await document(claim)).toBeUndefined();
    expect((await broker.get([claim]))[0]).toMatchObject({ status: "started", worker: "w1", token: claim.token });
    expect(await broker.find({ queue, status: ["started"] })).toMatchObject([{ id: claim.id }]);
    expect(await countsOf(broker)).toMatchObject({ queued: 0, started: 1 });
    expect(await broker.cancel([claim])).toEqual(["started"]);
    expect(await broker.remove([claim])).toEqual(["started"]);
  });

  test("that is over by then is one write", async () => {
    const broker = await warmBroker({ recordStarts: never, recordOutcomes: never as never });
    const claim = await started(broker);
    expect(await broker.settle([ended(claim, success("first"))])).toEqual([{ state: "settled" }]);
    expect(await document(claim)).toMatchObject({ status: "success", result: "first", worker: "w1", deliveries: 1 });
    expect(await isEmpty(stores.live)).toBe(true);
  });

  test("that goes on is recorded soon", async () => {
    const broker = await warmBroker();
    const claim = await started(broker);
    const job = await waitFor("the document", () => document(claim));
    expect(job).toMatchObject({ status: "started", worker: "w1", token: claim.token });
    expect(await broker.settle([ended(claim, success("late"))])).toEqual([{ state: "settled" }]);
    expect(await document(claim)).toMatchObject({ status: "success", result: "late" });
  });

  test("ends only after a start that is on its way, and makes one document", async () => {
    const order: string[] = [];
    const broker = await warmBroker({
      async recordStarts(...args) {
        order.push("start");
        const answers = await stores.store.recordStarts(...args);
        order.push("started");
        return answers;
      },
      async recordOutcomes(...args) {
        order.push("outcome");
        return stores.store.recordOutcomes(...args);
      },
    });
    const claim = await started(broker);
    await waitFor("the start is on its way", () => order.length > 0);
    expect(await broker.settle([ended(claim, success("done"))])).toEqual([{ state: "settled" }]);
    expect(order).toEqual(["start", "started", "outcome"]);
    expect(await document(claim)).toMatchObject({ status: "success" });
  });

  test("has a document when its progress is kept", async () => {
    const broker = await warmBroker();
    const claim = await started(broker);
    await broker.recordProgress?.([{ id: claim.id, queue, token: claim.token, progress: 0.5 }]);
    expect(await document(claim)).toMatchObject({ status: "started", progress: 0.5 });
  });

  test.each([
    ["retry", { status: "retry", delay: 0, error: { name: "Error", message: "no" } }],
    ["interrupt", { status: "interrupt" }],
    ["interrupt", { status: "interrupt", lost: true }],
  ] as [string, Outcome][])("that ends as %s leaves its run in the history", async (status, outcome) => {
    const broker = await warmBroker();
    const claim = await started(broker);
    expect(await broker.settle([ended(claim, outcome)])).toEqual([{ state: "settled" }]);
    expect(await document(claim)).toMatchObject({ status, history: [{ status, attempt: 1 }] });
    const next = await claimOne(broker);
    await broker.settle([ended(next, success("second"))]);
    expect(await document(claim)).toMatchObject({ status: "success", deliveries: 2, history: [{ status }] });
  });

  test("that a limit gives back leaves nothing", async () => {
    const broker = await warmBroker({ recordStarts: never });
    const claim = await started(broker);
    expect(await broker.settle([ended(claim, { status: "interrupt", limited: true })])).toEqual([{ state: "settled" }]);
    expect(await document(claim)).toBeUndefined();
  });

  test("whose lease is over goes back although its start is on its way to a store that hangs", async () => {
    let fail = () => {};
    const hanging = new Promise<never>((_, reject) => {
      fail = () => reject(new BrokerUnavailableError("away"));
    });
    let isAsked = false;
    const broker = await warmBroker({
      recordStarts() {
        isAsked = true;
        return hanging;
      },
    });
    const claim = await started(broker);
    await waitFor("the start is on its way", () => isAsked);
    await broker.extend([claim], 1);
    await waitFor("the lease to lapse", async () => (await stores.live.get([claim]))[0]?.lapsed);
    expect(await broker.settle([ended(claim, { status: "interrupt" })])).toEqual([{ state: "settled" }]);
    expect((await stores.live.get([claim]))[0]).toMatchObject({ status: "interrupt" });
    fail();
  });

  test("of a job that turns out to be over is taken back", async () => {
    let isOver = false;
    const broker = await warmBroker({
      async recordStarts(...args) {
        await waitFor("another process settles it", () => isOver);
        return stores.store.recordStarts(...args);
      },
    });
    const claim = await started(broker);
    await stores.store.recordRuns([{ claim, worker: "w0", settlement: ended({ ...claim, token: "t" }, success("0")) }]);
    isOver = true;
    await waitFor("the entry is gone", () => isEmpty(stores.live));
    expect(await broker.extend([claim], 1_000)).toEqual(["lost"]);
    expect(await broker.settle([ended(claim, success("1"))])).toEqual([{ state: "lost" }]);
    expect(await document(claim)).toMatchObject({ result: "0" });
  });
});

describe("a death", () => {
  const dying = async (arrow: Arrow): Promise<Broker> => {
    const death = new Death(arrow);
    const store = death.through("store", stores.store);
    return warmBroker({ recordStarts: never }, { live: death.through("live", stores.live), store });
  };

  test("before the start is recorded: the job runs again", async () => {
    const broker = await warmBroker({ recordStarts: never });
    const job = newJob();
    await broker.enqueue([job]);
    const [first] = (await claimNow(broker)) as [Claim];
    const next = await warmBroker();
    const second = await claimOne(next);
    expect(second).toMatchObject({ id: job.id, deliveries: 2, lost: 1 });
    expect(await document(job)).toMatchObject({ status: "started", token: second.token });
    expect(await broker.settle([ended(first, success("late"))])).toEqual([{ state: "lost" }]);
    expect(await next.settle([ended(second, success("second"))])).toEqual([{ state: "settled" }]);
    expect(await document(job)).toMatchObject({ result: "second" });
  });

  test("before the outcome is stored: the job runs again", async () => {
    const broker = await dying({ of: "store", method: "recordRuns", moment: "before" });
    const job = newJob();
    await broker.enqueue([job]);
    const [claim] = (await claimNow(broker)) as [Claim];
    await expect(broker.settle([ended(claim, success("first"))])).rejects.toThrow(/died/);
    const next = await warmBroker();
    await next.settle([ended(await claimOne(next), success("second"))]);
    expect(await document(job)).toMatchObject({ status: "success", result: "second", lost: 1 });
  });

  test("after the outcome is stored: the job does not run again", async () => {
    const broker = await dying({ of: "store", method: "recordRuns", moment: "after" });
    const job = newJob();
    await broker.enqueue([job]);
    const [claim] = (await claimNow(broker)) as [Claim];
    await expect(broker.settle([ended(claim, success("first"))])).rejects.toThrow(/died/);
    const next = await warmBroker();
    expect(await sweep(next, stores.live)).toEqual([]);
    expect(await countsOf(next)).toMatchObject({ started: 0, success: 1 });
    expect(await stores.store.find({ queue, status: statuses })).toHaveLength(1);
  });
});

describe("a store that is away", () => {
  test("while starts are recorded: the claim tells all the same of what it has ended", async () => {
    const away: JobStore["recordStarts"] = () => Promise.reject(new BrokerUnavailableError("away"));
    const broker = await warmBroker({ recordStarts: away });
    const [late, first] = [newJob({ startBy: { at: 1000 } }), newJob({ seen: true })];
    await broker.enqueue([late, first]);
    const request = { queues: [queue], max: 10, lease: 60_000, worker: "w1" };
    expect(await broker.claim(request)).toMatchObject({ claims: [], ended: [{ claim: { id: late.id } }], more: true });
    await expect(broker.claim(request)).rejects.toThrow("away");
  });

  const away = () => Promise.reject(new BrokerUnavailableError("the store is away"));

  test("lets nothing new start; what was told to it counts once it is back", async () => {
    let isAway = true;
    const broker = await warmBroker({
      recordStarts: (...args) => (isAway ? away() : stores.store.recordStarts(...args)),
      recordRuns: (...args) => (isAway ? away() : stores.store.recordRuns(...args)),
    });
    const first = await started(broker);
    await expect(broker.settle([ended(first, success("first"))])).rejects.toThrow(/away/);
    const job = newJob();
    await broker.enqueue([job]);
    await expect(claimNow(broker)).rejects.toThrow(/away/);
    expect((await broker.get([job]))[0]).toMatchObject({ status: "interrupt" });
    isAway = false;
    expect(await broker.settle([ended(first, success("first"))])).toEqual([{ state: "settled" }]);
    expect(await document(first)).toMatchObject({ status: "success", result: "first" });
    await broker.settle([ended(await claimOne(broker), success("second"))]);
    expect(await countsOf(broker)).toMatchObject({ queued: 0, started: 0, interrupt: 0, success: 2 });
  });

  test("when the answer to an outcome was lost, asking again is one outcome", async () => {
    let lost = true;
    const broker = await warmBroker({
      recordStarts: never,
      async recordRuns(runs) {
        const answers = await stores.store.recordRuns(runs);
        return lost ? away() : answers;
      },
    });
    const claim = await started(broker);
    await expect(broker.settle([ended(claim, success("first"))])).rejects.toThrow(/away/);
    lost = false;
    expect(await broker.settle([ended(claim, success("again"))])).toEqual([{ state: "settled" }]);
    expect(await document(claim)).toMatchObject({ result: "first" });
    expect(await isEmpty(stores.live)).toBe(true);
  });

  const hangs = () => new Promise<never>(() => {});

  test("a give-back does not wait for a start that the store never answers", async () => {
    let asked = 0;
    const broker = await warmBroker({
      recordStarts: () => {
        asked += 1;
        return hangs();
      },
    });
    const claim = await started(broker);
    await waitFor("the start is on its way", () => asked > 0);
    expect(await broker.settle([ended(claim, { status: "interrupt" })])).toEqual([{ state: "settled" }]);
    expect(await stores.live.get([claim])).toMatchObject([{ status: "interrupt", deliveries: 1, lost: 0 }]);
    const next = await claimOne(await warmBroker());
    expect(next).toMatchObject({ id: claim.id, deliveries: 2, lost: 0 });
  });

  test("nor for the document that is to tell of it", async () => {
    const now = { hangs: false };
    const broker = await warmBroker({
      recordOutcomes: (...args) => (now.hangs ? hangs() : stores.store.recordOutcomes(...args)),
    });
    const claim = await started(broker);
    await waitFor("the document", () => document(claim));
    now.hangs = true;
    expect(await broker.settle([ended(claim, { status: "interrupt" })])).toEqual([{ state: "settled" }]);
    expect(await stores.live.get([claim])).toMatchObject([{ status: "interrupt" }]);
  });

  test("at first nothing is known of it: a start is recorded before the job is handed out", async () => {
    const broker = new RawBroker(stores.live, stores.store);
    brokers.push(broker);
    const claim = await started(broker);
    expect(await document(claim)).toMatchObject({ status: "started", token: claim.token });
  });
});
