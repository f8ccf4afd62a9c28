import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newJobId } from "@tandemq/core";
import { type Document, ObjectId } from "mongodb";
import { nextDue } from "../src/claim/next-due.js";
import { MongoOutbox } from "../src/transaction/mongo-outbox.js";
import { done, hour, settlement, Stage } from "./support/stage.js";

/**
 * What the server looks at is read from its profiler, so that it is our own commands that are judged, not copies of
 * them.
 */
describe("what a claim looks at, beside 5,000 delayed and 5,000 finished jobs and 20 queues", () => {
  const s = new Stage();
  const queues = Array.from({ length: 20 }, (_, i) => `queue-${i}`);
  const claim = async (max: number, from: readonly string[] = queues) =>
    (await s.broker.claim({ queues: from, max, lease: hour, worker: "w" })).claims;

  beforeAll(async () => {
    await s.broker.start();
    await s.enqueue("queue-0", 5000);
    for (let i = 0; i < 10; i++) {
      const claims = await claim(500, ["queue-0"]);
      await s.broker.settle(claims.map((held) => settlement(held, done)));
    }
    await s.enqueue("queue-0", 5000, { due: { after: hour } });
    for (const queue of queues) await s.enqueue(queue, 20, { priority: 1 });
    for (const queue of queues) await s.enqueue(queue, 20);
    await claim(40);
    await s.client.db().command({ profile: 2 });
  });
  afterAll(async () => {
    await s.client.db().command({ profile: 0 });
    await s.close();
  });

  /** The server's record of the commands on jobs that this action sends. */
  async function profiled(action: () => Promise<unknown>): Promise<Document[]> {
    const profile = s.client.db().collection("system.profile");
    const ns = `${s.client.db().databaseName}.jobs`;
    const known = await profile.countDocuments({ ns });
    await action();
    const found = await profile.find({ ns }).sort({ $natural: 1 }).toArray();
    return found.slice(known);
  }

  test("one job: a key per queue and a few more", async () => {
    const [look, command, ...others] = await profiled(async () => expect(await claim(1)).toHaveLength(1));
    expect(others).toEqual([]);
    expect(look).toMatchObject({ keysExamined: 20, docsExamined: 0 });
    expect(command?.["keysExamined"]).toBeLessThanOrEqual(20 * 4);
    expect(command?.["docsExamined"]).toBe(1);
    expect(command).not.toHaveProperty("hasSortStage");
  });

  test("a hundred jobs: their own keys, those in the hands of others, a few per queue", async () => {
    const commands = await profiled(async () => expect(await claim(100)).toHaveLength(100));
    const [look, take] = [commands[0], commands.at(-1)];
    expect(look).toMatchObject({ keysExamined: 20, docsExamined: 0 });
    const reads = commands.slice(1, -1);
    expect(reads).toHaveLength(20);
    const sum = (figure: string) => reads.reduce((all, read) => all + Number(read[figure]), 0);
    expect(sum("keysExamined")).toBeLessThanOrEqual(100 + 41 + 20 * 6);
    expect(sum("docsExamined")).toBe(100);
    for (const read of reads) expect(read).not.toHaveProperty("hasSortStage");
    expect(take).toMatchObject({ nModified: 100, docsExamined: 100 });
  });

  test("an idle claim: one look at a few keys per queue, and one document at most", async () => {
    while ((await claim(500)).length > 0);
    for (const max of [1, 100]) {
      const [look, ...others] = await profiled(async () => expect(await claim(max)).toEqual([]));
      expect(others).toEqual([]);
      expect(look?.["keysExamined"]).toBeLessThanOrEqual(20 * 10);
      expect(look?.["docsExamined"]).toBeLessThanOrEqual(1);
    }
  });

  test("when the next job comes due: one key per queue", async () => {
    const [look] = await profiled(() => nextDue(s.connection, queues));
    expect(look?.["keysExamined"]).toBeLessThanOrEqual(20 * 2);
    expect(look?.["docsExamined"]).toBeLessThanOrEqual(1);
    expect(look).not.toHaveProperty("hasSortStage");
  });

  test("of 250 queues those alone are asked that have work", async () => {
    const many = Array.from({ length: 250 }, (_, i) => `other-${i}`);
    await s.enqueue("other-249", 1);
    const looks = await profiled(async () => expect(await claim(10, many)).toHaveLength(1));
    expect(looks).toHaveLength(3);
    expect(Math.max(...looks.map((look) => Number(look["keysExamined"])))).toBeLessThan(30);
  });

  test("counts come from the index alone", async () => {
    const [look] = await profiled(() => s.broker.counts(["queue-0"]));
    expect(look?.["docsExamined"]).toBe(0);
  });

  test.each([
    ["a queue", { queue: "queue-0", limit: 10 }],
    ["a queue and a status", { queue: "queue-0", status: ["success" as const], limit: 10 }],
    ["a task", { path: "test.task", limit: 10 }],
    ["nothing", { limit: 10 }],
  ])("the newest of %s: no more than are shown, and some", async (_what, filter) => {
    const [look] = await profiled(async () => expect(await s.broker.find(filter)).toHaveLength(10));
    expect(look?.["docsExamined"]).toBeLessThanOrEqual(40);
    expect(look).not.toHaveProperty("hasSortStage");
  });
});

test("what a relay takes from the outbox: the keys that are due, however many wait", async () => {
  const s = new Stage();
  try {
    await s.broker.start();
    const outbox = new MongoOutbox(s.connection);
    await outbox.start();
    const later = new Date(Date.now() + hour);
    const document = (i: number) => {
      const job = { id: newJobId(), queue: "q", path: "t", params: "{}", priority: 0, due: { after: 0 } };
      const at = i < 3 ? new Date(0) : later;
      return { _id: new ObjectId(job.id), queue: "q", job: JSON.stringify(job), due: at, at };
    };
    await s.connection.outbox.insertMany(Array.from({ length: 1000 }, (_, i) => document(i)));
    await s.client.db().command({ profile: 2 });
    expect(await outbox.take(500, hour)).toHaveLength(3);
    await s.client.db().command({ profile: 0 });
    const profile = s.client.db().collection("system.profile");
    const [look] = await profile.find({ ns: s.connection.outbox.namespace }).sort({ $natural: 1 }).toArray();
    expect(look?.["planSummary"]).toContain("IXSCAN");
    expect(look?.["keysExamined"]).toBeLessThanOrEqual(4);
    expect(look).not.toHaveProperty("hasSortStage");
  } finally {
    await s.close();
  }
});
