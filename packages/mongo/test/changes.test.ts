import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type Claim, newJobId, settlementOf } from "@tandemq/core";
import { Collection } from "mongodb";
import { unique } from "../../../test/support/unique.js";
import { createMongo } from "../src/index.js";
import { Stage } from "./support/stage.js";

/** A change passes over a job that runs, and looks where it stands: by then it may stand where the change is allowed. */
describe("a job that comes back between a change and its look", () => {
  const s = new Stage();
  const mongo = createMongo({ url: s.url });
  const broker = mongo.broker();
  beforeAll(() => broker.start());
  afterAll(async () => {
    await mongo.close();
    await s.close();
  });
  afterEach(() => jest.restoreAllMocks());

  async function held(): Promise<Claim> {
    const [queue, id] = [unique("changes"), newJobId()];
    await broker.enqueue([{ id, queue, path: "p", params: "{}", priority: 0, due: { after: 0 } }]);
    const { claims } = await broker.claim({ queues: [queue], max: 1, lease: 60_000, worker: "w" });
    return claims[0] as Claim;
  }

  /** Does it before the next look, or the one after it. */
  function beforeLook(act: () => Promise<unknown>, which: 1 | 2 = 1): void {
    const find = Collection.prototype.find;
    const late = function (this: Collection, ...asked: Parameters<typeof find>) {
      const toArray = async () => {
        await act();
        return find.apply(this, asked).toArray();
      };
      return { toArray } as unknown as ReturnType<typeof find>;
    };
    const spy = jest.spyOn(Collection.prototype, "find");
    if (which === 2) spy.mockImplementationOnce(find);
    spy.mockImplementationOnce(late as typeof find);
  }

  const back = { status: "interrupt", limited: true, delay: 3_600_000 } as const;

  test("is edited", async () => {
    const claim = await held();
    beforeLook(() => broker.settle([settlementOf(claim, back)]));
    expect(await broker.edit([claim], { due: { after: 0 } })).toEqual(["done"]);
    const [job] = await broker.get([claim]);
    expect(job?.due?.getTime()).toBeLessThanOrEqual(await broker.now());
  });

  test("is cancelled", async () => {
    const claim = await held();
    beforeLook(() => broker.settle([settlementOf(claim, back)]));
    expect(await broker.cancel([claim])).toEqual(["done"]);
    expect(await broker.get([claim])).toMatchObject([{ status: "cancel" }]);
  });

  test("is removed", async () => {
    const claim = await held();
    beforeLook(() => broker.settle([settlementOf(claim, back)]), 2);
    expect(await broker.remove([claim])).toEqual(["done"]);
    expect(await broker.get([claim])).toEqual([undefined]);
  });

  test("is requeued, where it has ended meanwhile", async () => {
    const claim = await held();
    const failed = { status: "failed", error: { name: "Error", message: "boom" } } as const;
    beforeLook(() => broker.settle([settlementOf(claim, failed)]));
    expect(await broker.requeue([claim])).toEqual(["done"]);
    expect(await broker.get([claim])).toMatchObject([{ status: "queued", generation: 2 }]);
  });

  test("is left alone while it runs", async () => {
    const claim = await held();
    expect(await broker.edit([claim], { due: { after: 0 } })).toEqual(["started"]);
    expect(await broker.requeue([claim])).toEqual(["started"]);
  });
});
