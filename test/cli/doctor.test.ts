import { describe, expect, test } from "@jest/globals";
import { type Document, MongoClient, ObjectId } from "mongodb";
import { Redis } from "ioredis";
import { newJobId } from "@tandemq/core";
import { Site } from "../e2e/support/site.js";
import { waitFor } from "../support/wait-for.js";

interface Found {
  readonly check: string;
  readonly severity: string;
  readonly what: string;
  readonly fix?: string;
}

async function doctor(site: Site, ...args: string[]): Promise<{ code: number | null; found: Found[]; stderr: string }> {
  const { code, stdout, stderr } = await site.run(["doctor", "--json", ...args]);
  return { code, found: JSON.parse(stdout) as Found[], stderr };
}

const of = (found: readonly Found[], check: string): Found[] => found.filter((one) => one.check === check);
const worstOf = (found: readonly Found[], check: string): string =>
  of(found, check).find(({ severity }) => severity !== "ok")?.severity ?? "ok";

/** Brings a site into being, and lets `spoil` harm its stores. */
async function spoilt(
  site: Site,
  spoil: (
    jobs: ReturnType<ReturnType<MongoClient["db"]>["collection"]>,
    redis: Redis,
    db: ReturnType<MongoClient["db"]>,
  ) => Promise<void>,
): Promise<void> {
  const redis = new Redis(site.redis);
  await using mongo = new MongoClient(site.mongo);
  await spoil(mongo.db().collection<Document>(site.collection), redis, mongo.db());
  redis.disconnect();
}

describe("doctor", () => {
  test("looks at everything; a Redis that writes nothing to disk is a warning", async () => {
    await using site = new Site();
    await (await site.client()).close();
    const { code, found } = await doctor(site);
    expect(code).toBe(1);
    const slow = /ms to answer/;
    expect(found.filter(({ severity, what }) => severity !== "ok" && !slow.test(what))).toMatchObject([
      { check: "redis-server", severity: "warning", what: "nothing is written to disk" },
    ]);
    const looked = ["mongo-connection", "redis-connection", "mongo-server", "redis-server", "clocks", "indexes"];
    looked.push("validator", "scripts", "queue-modes", "served-queues", "known-tasks", "paused-queues");
    looked.push("orphaned-documents", "leftover-entries", "malformed-entries", "dead-keys");
    expect([...new Set(found.map(({ check }) => check))]).toEqual(looked);
  });

  test("a missing index and validator are mended, when it is allowed to, and not before", async () => {
    await using site = new Site();
    await (await site.client()).close();
    await spoilt(site, async (jobs, _redis, db) => {
      await jobs.dropIndex("tandemq_held");
      await db.command({ collMod: site.collection, validator: {} });
    });
    const before = await doctor(site, "--fix");
    expect(before.code).toBe(2);
    expect(of(before.found, "indexes")).toMatchObject([
      { severity: "error", what: expect.stringMatching(/tandemq_held/) },
    ]);
    expect(before.stderr).toContain("left as it is; give --yes");
    const after = await doctor(site, "--fix", "--yes");
    expect(after.stderr).toContain("created tandemq_held");
    expect(after.stderr).toContain("the validator is in force");
    expect([worstOf(after.found, "indexes"), worstOf(after.found, "validator")]).toEqual(["ok", "ok"]);
  });

  test("a started raw job whose entry Redis lost is put back in line", async () => {
    await using site = new Site();
    await using client = await site.client();
    const { id } = await client.enqueue("e2e.echo", { n: 1 }, { queue: "raw" });
    await site.run(["worker", "raw", "--burst"]);
    await spoilt(site, async (jobs) => {
      const long = new Date(Date.now() - 3_600_000);
      const times = { queuedAt: long, startedAt: long };
      await jobs.updateOne({}, { $set: { status: "started", ...times }, $unset: { finishedAt: 1, deleteAt: 1 } });
    });
    const before = await doctor(site);
    expect(of(before.found, "orphaned-documents")).toMatchObject([{ severity: "error", fix: expect.any(String) }]);
    const { code, stderr } = await site.run(["doctor", "--fix", "--yes"]);
    expect(stderr).toContain("1 job is in line again");
    expect(code).toBe(1);
    expect(await client.job(id, "raw")).toMatchObject({ status: "queued", generation: 2, params: { n: 1 } });
  });

  test("queues without workers, tasks without code, pauses, malformed entries, dead keys, leftovers", async () => {
    await using site = new Site();
    await using client = await site.client();
    await client.enqueue("e2e.nobody", {}, { queue: "regular", delay: "1h" });
    await client.enqueue("e2e.echo", {}, { queue: "raw", delay: "1h" });
    const over = await client.enqueue("e2e.echo", {}, { queue: "raw/over", delay: "1h" });
    await client.queue("no-storage").pause();
    await spoilt(site, async (jobs, redis) => {
      const key = (queue: string, name: string) => `${site.name}:{${queue}}:${name}`;
      await redis.hset(key("raw", "keys"), "dead", newJobId());
      await redis.hset(key("raw", "body"), newJobId(), "junk");
      await redis.lpush(key("raw", "malformed"), "x\njunk\n");
      const common = { v: 1, path: "e2e.echo", params: {}, queue: "raw/over", raw: true, generation: 1, history: [] };
      await jobs.insertOne({
        ...common,
        _id: ObjectId.createFromHexString(over.id),
        status: "success",
        queuedAt: new Date(),
      });
    });
    await site.worker("regular");
    await waitFor("the worker is known", async () => (await client.workers()).length === 1);
    const { found, code } = await doctor(site, "--fix", "--yes");
    expect(code).toBe(1);
    const told = (check: string) => of(found, check).map(({ what }) => what);
    expect(told("served-queues")).toEqual(["1 job waits in queue raw, and the only worker does not serve it"]);
    expect(told("known-tasks")).toEqual([
      expect.stringContaining("is of task e2e.nobody, which the only worker there does not know"),
    ]);
    expect(told("paused-queues")).toEqual(["paused: no-storage"]);
    expect(told("malformed-entries")).toEqual([expect.stringContaining("junk")]);
    expect([worstOf(found, "dead-keys"), worstOf(found, "leftover-entries")]).toEqual(["ok", "ok"]);
  });

  test("stores that do not answer, and a configuration that is wrong", async () => {
    await using site = new Site();
    const away = await site.start(["doctor"], { TANDEMQ_MONGO: "mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=300" })
      .ended;
    expect(away.code).toBe(2);
    expect(away.stdout).toMatch(/ERROR +mongo-connection +MongoDB cannot be reached/);
    expect(away.stdout).toMatch(/(ok|warning) +redis-connection +Redis at /);
    const wrong = await site.start(["doctor"], { TANDEMQ_LEASE: "soon" }).ended;
    expect(wrong.code).toBe(2);
    expect(wrong.stdout).toMatch(/ERROR +configuration +worker.lease: /);
  });

  test("a queue that is recorded otherwise, or not configured", async () => {
    await using site = new Site();
    await using client = await site.client();
    await client.enqueue("e2e.echo", {}, { queue: "raw" });
    const flags = ["--config", "other.config.mjs"];
    const { code, found } = await doctor(site, ...flags);
    expect(code).toBe(2);
    expect(worstOf(found, "queue-modes")).toBe("error");
  });
});
