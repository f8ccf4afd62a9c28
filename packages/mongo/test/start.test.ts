import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { BrokerUnavailableError, StoreRefusedError } from "@tandemq/core";
import { createMongo } from "../src/index.js";
import { jobIndexes } from "../src/schema/indexes.js";
import { validator } from "../src/schema/validator.js";
import { Stage } from "./support/stage.js";

describe("start", () => {
  const stages: Stage[] = [];
  const stage = () => {
    const made = new Stage();
    stages.push(made);
    return made;
  };
  let first: Stage;
  beforeAll(() => {
    first = stage();
  });
  afterAll(async () => {
    for (const made of stages) await made.close();
  });

  const indexNames = async (s: Stage) => new Set((await s.jobs.indexes()).map(({ name }) => name));
  const infoOf = async (s: Stage) => (await s.client.db().listCollections({ name: "jobs" }).toArray())[0];

  test("by eight at once: all succeed, everything is there once", async () => {
    const brokers = Array.from({ length: 8 }, () => first.open(first.connect()));
    await Promise.all(brokers.map((broker) => broker.start()));
    expect(await indexNames(first)).toEqual(new Set(["_id_", ...jobIndexes.map(({ name }) => name)]));
    expect(await infoOf(first)).toMatchObject({ options: { validator, validationLevel: "moderate" } });
    await first.open(first.connect()).start();
  });

  test("brings an older validator and an older index up to date", async () => {
    const s = stage();
    const older = { $jsonSchema: { title: "TandemQ job, schema 0", bsonType: "object" } };
    await s.client.db().createCollection("jobs", { validator: older });
    await s.jobs.createIndex({ queue: 1, due: 1 }, { name: "tandemq_line" });
    await s.broker.start();
    expect(await infoOf(s)).toMatchObject({ options: { validator } });
    expect(await s.jobs.indexes()).toContainEqual(
      expect.objectContaining({ name: "tandemq_line", key: jobIndexes[0]?.key }),
    );
  });

  test("leaves the validator of a newer version alone", async () => {
    const s = stage();
    const newer = { $jsonSchema: { title: "TandemQ job, schema 99", bsonType: "object" } };
    await s.client.db().createCollection("jobs", { validator: newer });
    await s.broker.start();
    expect(await infoOf(s)).toMatchObject({ options: { validator: newer } });
  });

  test("refuses a collection with somebody else's validator", async () => {
    const s = stage();
    await s.client.db().createCollection("jobs", { validator: { title: { $type: "string" } } });
    await expect(s.broker.start()).rejects.toThrow(StoreRefusedError);
    await expect(s.broker.start()).rejects.toThrow(
      /validator of its own; choose another database or a collection prefix/,
    );
  });

  test("refuses a view in place of the collection", async () => {
    const s = stage();
    await s.client.db().createCollection("jobs", { viewOn: "other", pipeline: [] });
    await expect(s.broker.start()).rejects.toThrow(/cannot hold jobs: it is a view/);
  });

  test("refuses an index in the way, and starts once it is gone", async () => {
    const s = stage();
    await s.jobs.createIndex({ path: 1, queuedAt: -1 }, { name: "mine" });
    await expect(s.broker.start()).rejects.toThrow(/an index of ".*\.jobs" cannot be made: .*drop the index/);
    await s.jobs.dropIndex("mine");
    await s.broker.start();
  });

  test("an unreachable server: its address without the password, what was tried, what to do", async () => {
    const url = "mongodb://me:secret@127.0.0.1:1/x?directConnection=true";
    const mongo = createMongo({ url, serverSelectionTimeout: 200 });
    const failure: unknown = await mongo
      .broker()
      .start()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BrokerUnavailableError);
    expect(String(failure)).toMatch(
      /mongodb:\/\/me:\*\*\*@127\.0\.0\.1:1\/x\?directConnection=true did not answer \(.*ECONNREFUSED.*\); check/,
    );
    expect(String(failure)).not.toContain("secret");
    await mongo.close();
  });

  test("a prefix keeps deployments of one database apart", async () => {
    const [a, b] = ["a-", "b-"].map((prefix) => createMongo({ url: first.url, prefix }));
    if (!a || !b) throw new Error("two were made");
    const [one, two] = [a.broker(), b.broker()];
    await Promise.all([one.start(), two.start()]);
    await one.enqueue([first.newJob("q")]);
    expect((await one.counts(["q"])).get("q")?.queued).toBe(1);
    expect((await two.counts(["q"])).get("q")?.queued).toBe(0);
    await Promise.all([a.close(), b.close()]);
  });

  test("neither address nor client is refused", () => {
    expect(() => createMongo({})).toThrow(/either `url` or `client`/);
  });

  test("a client of the caller's own is not closed", async () => {
    const mongo = createMongo({ client: first.client });
    await mongo.broker().start();
    await mongo.close();
    expect(await first.jobs.countDocuments()).toBe(0);
  });
});
