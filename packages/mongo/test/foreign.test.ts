import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { HistogramRange, SetAside } from "@tandemq/core";
import { type Document, Double, Int32, Long, ObjectId } from "mongodb";
import { unique } from "../../../test/support/unique.js";
import { done, foreign, hour, settlement, Stage } from "./support/stage.js";

describe("a document of another program", () => {
  const s = new Stage();
  beforeAll(() => s.broker.start());
  afterAll(() => s.close());

  test.each([1, 10])("runs, with nothing but the fields that it needs (%i slots)", async (slots) => {
    const queue = unique("q");
    const { insertedId } = await s.jobs.insertOne(foreign(queue));
    const [claim] = await s.claim(queue, slots);
    if (!claim) throw new Error("it was to be claimed");
    expect(claim).toMatchObject({ id: String(insertedId), path: "test.task", params: '{"n":1}', attempt: 1, lost: 0 });
    expect(claim).toMatchObject({ generation: 1, deliveries: 1, priority: 0, settings: {} });
    expect(await s.broker.settle([settlement(claim, done)])).toEqual([{ state: "settled" }]);
    expect(await s.broker.get([claim])).toMatchObject([{ status: "success", attempt: 1, result: { ok: true } }]);
  });

  test("may write numbers of any type, and dates of its own in its params", async () => {
    const queue = unique("q");
    const numbers = { v: new Int32(1), priority: new Double(3), attempt: Long.fromNumber(0), rev: Long.fromNumber(0) };
    await s.jobs.insertOne(foreign(queue, { ...numbers, params: { at: new Date(0), n: Long.fromNumber(7) } }));
    const claim = await s.claimOne(queue);
    expect(JSON.parse(claim.params)).toEqual({ at: "1970-01-01T00:00:00.000Z", n: 7 });
    expect(claim.priority).toBe(3);
  });

  test("is given back, retried and lost like any other", async () => {
    const queue = unique("q");
    await s.jobs.insertOne(foreign(queue));
    await s.broker.settle([settlement(await s.claimOne(queue), { status: "interrupt" })]);
    await s.broker.settle([settlement(await s.claimOne(queue), { status: "retry", delay: 0 })]);
    expect(await s.claimOne(queue)).toMatchObject({ attempt: 2, deliveries: 3, lost: 0 });
  });

  test("holds its unique key when it writes `held` beside it", async () => {
    const queue = unique("q");
    const key = { value: "k", until: "start" as const };
    const { insertedId } = await s.jobs.insertOne(foreign(queue, { key, held: "k" }));
    const [answer] = await s.broker.enqueue([s.newJob(queue, { key })]);
    expect(answer).toEqual({ state: "enqueued", id: String(insertedId), created: false });
  });

  test("may come due later than any date here: a histogram counts it behind all others", async () => {
    const queue = unique("q");
    for (const ms of [8.64e15, 9e15]) await s.jobs.insertOne(foreign(queue, { due: dateAt(ms) }));
    await s.enqueue(queue, 1);
    const now = await s.broker.now();
    const countsOf = async (range: HistogramRange) => {
      const { slices, others } = await s.broker.histogram(queue, range);
      return [others, ...slices.map(({ count }) => count)];
    };
    expect(await countsOf({ slices: 2 })).toEqual([1, 0, 0, 2, 0]);
    expect(await countsOf({ from: now, to: now + hour, slices: 1 })).toEqual([1, 0, 0, 2]);
    expect(await countsOf({ from: now, to: 8.64e15, slices: 1 })).toEqual([1, 0, 2, 0]);
    await s.jobs.updateMany({ queue, due: { $gt: new Date(now + hour) } }, { $set: { status: "started" } });
    expect(await countsOf({ from: now, to: now + hour, slices: 1 })).toEqual([1, 0, 0, 0]);
  });

  const refused: [string, Document][] = [
    ["no path", { path: undefined }],
    ["an empty path", { path: "" }],
    ["a path that is no text", { path: 7 }],
    ["params that are a list", { params: [] }],
    ["no params", { params: undefined }],
    ["no queue", { queue: undefined }],
    ["an unknown status", { status: "waiting" }],
    ["a live status without due time", { due: undefined }],
    ["a final status with a due time", { status: "success" }],
    ["a due time that is a number", { due: 0 }],
    ["a priority out of range", { priority: 11 }],
    ["a priority that is not whole", { priority: 0.5 }],
    ["no version", { v: undefined }],
    ["an id that is no ObjectId", { _id: "1" }],
    ["a key without its end", { key: { value: "k" } }],
    ["a count that is no number", { deliveries: "1" }],
  ];
  test.each(refused)("with %s is refused by the server", async (_what, over) => {
    await expect(s.jobs.insertOne(foreign(unique("q"), over), { ignoreUndefined: true })).rejects.toMatchObject({
      code: 121,
    });
  });

  const malformed: [string, Document, RegExp][] = [
    ["a path that is no text", { path: 7 }, /^path must be a text that is not empty, got 7$/],
    ["params that are a list", { params: [1] }, /^params must be an object/],
    ["no params", { params: undefined }, /^params must be an object, got nothing$/],
    ["an id that is no ObjectId", { _id: "mine" }, /^_id must be an ObjectId, got "mine"$/],
    ["a count that is no number", { deliveries: "many" }, /^deliveries must be a number/],
    ["a history that is no list", { history: 1 }, /^history must be a list/],
    ["a revision that is no number", { rev: ["x"] }, /^rev must be a number/],
    ["a key that is no key", { key: "k" }, /^key must be an object/],
    ["a schema version of the future", { v: 99 }, /^its schema version is 99, .*upgrade the workers, then requeue/],
  ];
  describe.each([1, 10])("that slipped past the validator, with %i slots:", (slots) => {
    test.each(malformed)("%s is set aside as failed, and the queue goes on", async (_what, over, reason) => {
      const queue = unique("q");
      const document = foreign(queue, { ...over, ...(over["_id"] && { _id: unique("id") }) });
      const slip = { bypassDocumentValidation: true, ignoreUndefined: true };
      const { insertedId } = await s.jobs.insertOne(document, slip);
      await s.jobs.insertOne(foreign(queue));
      const { claims, setAside } = await gather(queue, slots);
      expect(claims).toHaveLength(1);
      expect(setAside).toHaveLength(1);
      expect(setAside[0]).toMatchObject({ queue, id: String(insertedId) });
      expect(setAside[0]?.reason).toMatch(over["_id"] ? /^_id must be an ObjectId/ : reason);
      const kept = await s.jobs.findOne({ _id: insertedId });
      expect(kept).toMatchObject({ status: "failed", error: { name: "MalformedJobError" } });
      expect(kept).not.toHaveProperty("due");
      expect(await s.broker.find({ queue, status: ["failed"] })).toHaveLength(1);
    });
  });

  test("an id of another type does not disturb looks by id", async () => {
    expect(
      await s.broker.get([
        { id: "mine", queue: "q" },
        { id: String(new ObjectId()), queue: "q" },
      ]),
    ).toEqual([undefined, undefined]);
  });

  async function gather(queue: string, max: number) {
    const setAside: SetAside[] = [];
    const claims = [];
    for (let i = 0; i < 3; i++) {
      const answer = await s.broker.claim({ queues: [queue], max, lease: 60_000, worker: "w" });
      setAside.push(...answer.setAside);
      claims.push(...answer.claims);
    }
    return { claims, setAside };
  }
});

/** A date of the server's, of which there are more than of ours. */
function dateAt(ms: number): Date {
  return Object.assign(new Date(0), { getTime: () => ms });
}
