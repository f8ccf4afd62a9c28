import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Broker, type Claim, type Outcome, statuses } from "@tandemq/core";
import { RawBroker } from "../../src/modes/raw/raw-broker.js";
import { claimNow, claimOne, countsOf, isEmpty, newJob, queue, sweep } from "../support/jobs.js";
import { type Arrow, Death } from "../support/mortal.js";
import { openRawStores, type RawStores } from "../support/raw-stores.js";

let stores: RawStores;
beforeEach(async () => {
  stores = await openRawStores();
});
afterEach(async () => {
  await stores[Symbol.asyncDispose]();
});

const fresh = (): Broker => new RawBroker(stores.live, stores.store);

function dying(arrow: Arrow): { broker: Broker; death: Death } {
  const death = new Death(arrow);
  return { death, broker: new RawBroker(death.through("live", stores.live), death.through("store", stores.store)) };
}

const settlement = ({ id, queue: name, token }: Claim, outcome: Outcome) => ({ id, queue: name, token, outcome });
const success = (result: string): Outcome => ({ status: "success", result });
const failed: Outcome = { status: "failed", error: { name: "Error", message: "no" } };

/** Runs what is due with the outcome, and ends as dead when its arrow is reached. */
async function live(broker: Broker, outcome: Outcome): Promise<void> {
  const claims = await claimNow(broker);
  await broker.settle(claims.map((claim) => settlement(claim, outcome)));
}

async function documentsOf(): Promise<number> {
  return (await stores.store.find({ queue, status: statuses })).length;
}

const beforeTheOutcome: Arrow[] = [
  { of: "store", method: "recordStarts", moment: "before" },
  { of: "store", method: "recordStarts", moment: "after" },
  { of: "store", method: "recordOutcomes", moment: "before" },
];
const afterTheOutcome: Arrow[] = [
  { of: "store", method: "recordOutcomes", moment: "after" },
  { of: "live", method: "settle", moment: "before" },
  { of: "live", method: "settle", moment: "after" },
];

describe("a death before the outcome is stored: the job runs again", () => {
  test.each(beforeTheOutcome)("$moment $method of $of", async (arrow) => {
    const job = newJob();
    await fresh().enqueue([job]);
    const { broker, death } = dying(arrow);
    await expect(live(broker, success("first"))).rejects.toThrow(/died/);
    expect(death.dead).toBe(true);
    const next = fresh();
    const claim = await claimOne(next);
    expect(claim).toMatchObject({ id: job.id, generation: 1, attempt: 1, deliveries: 2, lost: 1 });
    expect(await next.settle([settlement(claim, success("second"))])).toEqual([{ state: "settled" }]);
    expect((await next.get([job]))[0]).toMatchObject({ status: "success", result: "second", attempt: 1 });
    expect(await countsOf(next)).toMatchObject({ queued: 0, started: 0, success: 1 });
    expect(await documentsOf()).toBe(1);
  });

  test("the worker dies in the run", async () => {
    const job = newJob();
    const [broker, next] = [fresh(), fresh()];
    await broker.enqueue([job]);
    const [first] = await claimNow(broker);
    const claim = await claimOne(next);
    expect(claim).toMatchObject({ id: job.id, lost: 1 });
    expect(await broker.settle([settlement(first as Claim, success("late"))])).toEqual([{ state: "lost" }]);
    expect(await next.settle([settlement(claim, success("second"))])).toEqual([{ state: "settled" }]);
    expect((await next.get([job]))[0]).toMatchObject({ status: "success", result: "second" });
    expect(await documentsOf()).toBe(1);
  });
});

describe("a death after the outcome is stored: the job does not run again", () => {
  describe.each([
    ["success", success("first")],
    ["failed", failed],
  ] as const)("%s", (status, outcome) => {
    test.each(afterTheOutcome)("$moment $method of $of", async (arrow) => {
      const job = newJob();
      await fresh().enqueue([job]);
      const { broker, death } = dying(arrow);
      await expect(live(broker, outcome)).rejects.toThrow(/died/);
      expect(death.dead).toBe(true);
      const next = fresh();
      expect((await next.get([job]))[0]).toMatchObject({ status });
      expect(await sweep(next, stores.live)).toEqual([]);
      expect(await countsOf(next)).toMatchObject({ queued: 0, started: 0, interrupt: 0, [status]: 1 });
      expect((await next.find({ queue })).map((found) => found.status)).toEqual([status]);
      expect(await documentsOf()).toBe(1);
    });
  });

  test("its own retry of the settlement is answered settled, and sweeps the entry away", async () => {
    const job = newJob();
    const broker = fresh();
    await broker.enqueue([job]);
    const [claim] = (await claimNow(broker, "w1", 60_000)) as [Claim];
    await stores.store.recordOutcomes([settlement(claim, success("first"))]);
    expect(await broker.settle([settlement(claim, success("first"))])).toEqual([{ state: "settled" }]);
    expect(await isEmpty(stores.live)).toBe(true);
  });

  test("a later delivery that knew nothing of it is told lost, and its entry goes", async () => {
    const job = newJob();
    const broker = fresh();
    await broker.enqueue([job]);
    const [first] = (await claimNow(broker)) as [Claim];
    const second = await claimOne(stores.live);
    await stores.store.recordOutcomes([settlement(first, success("first"))]);
    const answer = await broker.settle([{ ...settlement(second, success("second")), generation: 1 }]);
    expect(answer).toEqual([{ state: "lost" }]);
    expect(await isEmpty(stores.live)).toBe(true);
    expect((await broker.get([job]))[0]).toMatchObject({ status: "success", result: "first" });
  });
});

describe("a death in a retry", () => {
  test.each([
    { of: "store", method: "recordOutcomes", moment: "before" },
    { of: "store", method: "recordOutcomes", moment: "after" },
    { of: "live", method: "settle", moment: "after" },
  ] as Arrow[])("$moment $method of $of: it runs again, in one document", async (arrow) => {
    const job = newJob();
    await fresh().enqueue([job]);
    await expect(live(dying(arrow).broker, { status: "retry", delay: 1 })).rejects.toThrow(/died/);
    const next = fresh();
    const claim = await claimOne(next);
    await next.settle([settlement(claim, success("in the end"))]);
    expect((await next.get([job]))[0]).toMatchObject({ status: "success", result: "in the end" });
    expect(await documentsOf()).toBe(1);
  });
});

describe("a death in a give-back", () => {
  test.each([
    { of: "live", method: "settle", moment: "before" },
    { of: "live", method: "settle", moment: "after" },
    { of: "store", method: "recordOutcomes", moment: "before" },
  ] as Arrow[])("$moment $method of $of: it runs again, in one document", async (arrow) => {
    const job = newJob();
    await fresh().enqueue([job]);
    await live(dying(arrow).broker, { status: "interrupt" }).catch(() => undefined);
    const next = fresh();
    const claim = await claimOne(next);
    expect(claim).toMatchObject({ attempt: 1 });
    await next.settle([settlement(claim, success("in the end"))]);
    expect((await next.get([job]))[0]).toMatchObject({ status: "success", attempt: 1 });
    expect(await documentsOf()).toBe(1);
  });
});
