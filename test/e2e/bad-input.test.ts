import { describe, expect, test } from "@jest/globals";
import { defineTask, type JobFilter, type LimitOptions } from "@tandemq/core";
import { Redis } from "ioredis";
import { MongoClient, ObjectId } from "mongodb";
import { createClient } from "tandemq";
import { waitFor } from "../support/wait-for.js";
import { evicting, standalone, withServer } from "./support/odd-stores.js";
import { modes, Site } from "./support/site.js";

describe("a store that is set up otherwise", () => {
  test("a standalone MongoDB works, and the worker says what is lost", async () => {
    await using site = new Site();
    await withServer(standalone, async (mongo) => {
      const worker = site.start(["worker", "regular"], { TANDEMQ_MONGO: mongo });
      const told: string[] = [];
      const config = { mongo, prefix: site.name, queues: { regular: "regular" } } as const;
      await using client = await createClient(config, { warn: (line) => told.push(line) });
      const job = await client.enqueue("e2e.echo", { n: 1 }, { queue: "regular" });
      expect(await job.result({ timeout: "1m" })).toEqual({ n: 1 });
      expect(told).toEqual([expect.stringMatching(/standalone server: no change streams .* no transactions/)]);
      worker.signal("SIGTERM");
      const { code, stdout } = await worker.ended;
      expect(code).toBe(0);
      expect(stdout).toContain("it is a standalone server");
    });
  });

  test("a standalone MongoDB has no transactions: each use of one is refused, and consumers work", async () => {
    await using site = new Site();
    await withServer(standalone, async (mongo) => {
      const worker = site.start(["worker", "regular"], { TANDEMQ_MONGO: mongo });
      const config = {
        mongo,
        redis: site.redis,
        prefix: site.name,
        queues: { regular: "regular", raw: "raw" },
      } as const;
      await using client = await createClient(
        { ...config, queues: { ...config.queues, data: "regular" } },
        { warn: () => {} },
      );
      const refused = {
        code: "NOT_SUPPORTED",
        message: expect.stringMatching(/standalone server and has no transactions/),
      };

      const job = await client.enqueue("e2e.complete", {}, { queue: "regular" });
      expect(await job.finished({ timeout: "1m" })).toMatchObject({ status: "failed", error: refused });
      await using own = new MongoClient(mongo);
      for (const queue of ["regular", "raw"]) {
        const within = own.withSession((session) =>
          session.withTransaction(() => client.enqueue("e2e.echo", {}, { queue, session })),
        );
        await expect(within).rejects.toMatchObject(refused);
        expect((await client.queue(queue).counts()).queued).toBe(0);
      }

      const { id } = await client.put("data", { n: 1 });
      for await (const held of client.consume("data", { wait: 0 })) expect(await held.done(held.params)).toBe(true);
      expect(await client.job(id, "data")).toMatchObject({ status: "success", result: { n: 1 } });
      worker.signal("SIGTERM");
      expect((await worker.ended).code).toBe(0);
    });
  });

  test("a Redis that evicts is refused, with the command that mends it", async () => {
    await using site = new Site();
    await withServer(evicting, async (redis) => {
      const worker = site.start(["worker", "raw"], { TANDEMQ_REDIS: redis });
      const { code, stdout, stderr } = await worker.ended;
      expect(code).toBe(1);
      expect(stdout + stderr).toContain(`run "redis-cli config set maxmemory-policy noeviction"`);
    });
  });
});

describe("what a service may not enqueue", () => {
  const wrong: [what: string, path: string, params: object, options: object, code: string, message: RegExp][] = [
    ["code of Node.js", "node:child_process#execSync", {}, {}, "INVALID_OPTION", /is not a task path/],
    ["code outside the tasks", "../plain#echo", {}, {}, "INVALID_OPTION", /is not a task path/],
    ["an inherited name", "constructor", {}, {}, "INVALID_OPTION", /is not a task path/],
    ["a number that JSON lacks", "e2e.echo", { a: [1, Number.NaN] }, {}, "INVALID_PARAMS", /a\[1\]|a\.1/],
    ["a BigInt", "e2e.echo", { big: 1n }, {}, "INVALID_PARAMS", /big/],
    ["a key with a NUL", "e2e.echo", { "a\0b": 1 }, {}, "INVALID_PARAMS", /NUL/],
    ["more than the limit", "e2e.echo", { text: "x".repeat(1_100_000) }, {}, "INVALID_PARAMS", /1048576|1 MiB/],
    ["an unknown option", "e2e.echo", {}, { dealy: 5 }, "INVALID_OPTION", /did you mean "?delay/],
    ["a priority out of range", "e2e.echo", {}, { priority: 11 }, "INVALID_OPTION", /-10 to 10/],
    ["a negative delay", "e2e.echo", {}, { delay: -1 }, "INVALID_OPTION", /delay: expected/],
    ["a delay of a thousand years", "e2e.echo", {}, { delay: "365000d" }, "INVALID_OPTION", /at most 100 years/],
    ["a date beyond all stores", "e2e.echo", {}, { at: 1e300 }, "INVALID_OPTION", /before the year 3000/],
    ["a date as text", "e2e.echo", {}, { at: "2027-01-01" }, "INVALID_OPTION", /valid date .* got "2027-01-01"/],
    ["a date that is none", "e2e.echo", {}, { at: new Date("soon") }, "INVALID_OPTION", /at: expected a valid date/],
    ["a date as text", "e2e.echo", {}, { at: "2027-03-01" }, "INVALID_OPTION", /at: expected a valid date.*2027-03-01/],
    ["a back-off as text", "e2e.echo", {}, { backoff: "1s" }, "INVALID_OPTION", /backoff: expected an object/],
    ["a tree of queues", "e2e.echo", {}, { queue: "crawl/" }, "INVALID_OPTION", /"crawl\/" is a tree of queues/],
    [
      "no task",
      undefined as unknown as string,
      {},
      {},
      "INVALID_OPTION",
      /expected a task made by defineTask, or its path/,
    ],
    ["a startBy that is no time", "e2e.echo", {}, { startBy: "soon" }, "INVALID_OPTION", /startBy: expected/],
    ["a startBy before the delay", "e2e.echo", {}, { startBy: "1s", delay: "1h" }, "INVALID_OPTION", /never run/],
    ["an empty key", "e2e.echo", {}, { key: "" }, "INVALID_OPTION", /key: expected 1 to 500/],
    ["a key of no text", "e2e.echo", {}, { key: { value: 5 } }, "INVALID_OPTION", /key: expected 1 to 500/],
    ["a key without end", "e2e.echo", {}, { key: { value: "k", until: "x" } }, "INVALID_OPTION", /"start" or "finish"/],
    ["a key for no time", "e2e.echo", {}, { key: { value: "k", for: 0 } }, "INVALID_OPTION", /for: expected more/],
    ["a key for less", "e2e.echo", {}, { key: { value: "k", for: -1 } }, "INVALID_OPTION", /key.for: expected/],
    ["a key with more", "e2e.echo", {}, { key: { value: "k", fro: 5 } }, "INVALID_OPTION", /did you mean "?for/],
    ["a score where none counts", "e2e.echo", {}, { score: 1 }, "INVALID_OPTION", /only "sorted" queues/],
    ["a score that is no number", "e2e.echo", {}, { score: Number.NaN }, "INVALID_OPTION", /finite number/],
    ["an unknown onDuplicate", "e2e.echo", {}, { key: "k", onDuplicate: "drop" }, "INVALID_OPTION", /keep, replace/],
    ["onDuplicate without a key", "e2e.echo", {}, { onDuplicate: "replace" }, "INVALID_OPTION", /needs a key/],
    ["a key that is too long", "e2e.echo", {}, { key: "k".repeat(10_000) }, "INVALID_OPTION", /key: expected 1 to/],
    ["a key that is null", "e2e.echo", {}, { key: null }, "INVALID_OPTION", /key: expected an object/],
    ["a tag with half a character", "e2e.echo", {}, { tags: ["\ud800"] }, "INVALID_OPTION", /tags: expected/],
    [
      "a back-off that is a word",
      "e2e.echo",
      {},
      { backoff: "fixed" },
      "INVALID_OPTION",
      /backoff: expected an object/,
    ],
    ["a jitter as text", "e2e.echo", {}, { backoff: { jitter: "0.5" } }, "INVALID_OPTION", /jitter: expected a number/],
    ["an unknown back-off", "e2e.echo", {}, { backoff: { type: "cubic" } }, "INVALID_OPTION", /backoff/],
    ["a parent that is no id", "e2e.echo", {}, { parent: "me" }, "INVALID_OPTION", /not a job id/],
    ["a queue without a mode", "e2e.echo", {}, { queue: "nowhere" }, "QUEUE_UNKNOWN", /nowhere.*regular/],
  ];
  test.each(wrong)("%s", async (_what, path, params, options, code, message) => {
    await using site = new Site();
    await using client = await site.client();
    const answer = client.enqueue(path, params, { queue: "regular", ...options });
    await expect(answer).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await client.jobs()).toEqual([]);
  });
});

test("what a filter may not name, and one that matches nothing", async () => {
  await using site = new Site();
  await using client = await site.client();
  const wrong = { status: ["faild"] } as unknown as JobFilter;
  for (const ask of [
    () => client.jobs(wrong),
    async () => client.action("requeue", wrong).result(),
    async () => client.action("cancel", {}).result(),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: "INVALID_OPTION" });
  }
  await expect(client.jobs(wrong)).rejects.toThrow('did you mean "failed"?');
  const text = "failed" as unknown as string[];
  await expect(client.jobs({ status: text } as JobFilter)).rejects.toThrow("status: expected a list");
  await expect(client.untilIdle(text)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  await client.enqueue("e2e.echo", {}, { queue: "raw" });
  const none = { queue: "raw", tags: ["nobody's"] };
  expect(await client.jobs(none)).toEqual([]);
  const report = { found: 0, done: 0, refused: {}, capped: false, stopped: false };
  for (const verb of ["cancel", "requeue", "remove"] as const)
    expect(await client.action(verb, none).result()).toEqual(report);
  expect((await client.queue("raw").counts()).queued).toBe(1);
});

test("a limit without max or concurrency", () => {
  const task = (limit: object) => () => defineTask("e2e.limited", () => undefined, { limit: limit as LimitOptions });
  for (const limit of [{ per: "1s" }, { key: "k" }, { max: 5 }, { max: 0, per: "1s" }, { concurrency: 0 }])
    expect(task(limit)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
});

/** Leaves nothing open, whatever becomes of the test. */
async function askRedis<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

describe("put there by hand", () => {
  test("a document that slipped past the validator is set aside, and the queue goes on", async () => {
    await using site = new Site();
    await using client = await site.client();
    await using mongo = new MongoClient(site.mongo);
    const document = { v: 1, path: 7, params: {}, queue: "regular", status: "queued", due: new Date(0) };
    const slip = { bypassDocumentValidation: true };
    const { insertedId } = await mongo.db().collection(site.collection).insertOne(document, slip);
    await site.worker("regular");
    const job = await client.enqueue("e2e.echo", { n: 1 }, { queue: "regular" });
    expect(await job.result({ timeout: "1m" })).toEqual({ n: 1 });
    const failed = await client.jobs({ status: ["failed"] });
    expect(failed).toMatchObject([{ id: String(insertedId), error: { name: "MalformedJobError" } }]);
  });

  test.each(["raw", "no-storage"] as const)(
    "an entry of a %s queue is kept aside and told, and the queue goes on",
    async (mode) => {
      await using site = new Site();
      await using client = await site.client();
      const root = `${site.name}:{${mode}}:`;
      const id = new ObjectId().toHexString();
      await askRedis(site.redis, (redis) =>
        redis.multi().hset(`${root}body`, id, "junk").zadd(`${root}ready`, 1, id).exec(),
      );
      const worker = await site.worker(mode);
      await client.enqueue("e2e.note", { text: "good" }, { queue: mode });
      await waitFor("only the good one is counted", async () => {
        const { success, queued, started } = await client.queue(mode).counts();
        return success === 1 && queued + started === 0;
      });
      await waitFor("it is told", async () => worker.says("an entry that cannot be a job was set aside"));
      expect(await askRedis(site.redis, (redis) => redis.exists(`${root}malformed`))).toBe(1);
    },
  );
});

test.each(modes)("a result that does not survive fails its job alone (%s)", async (mode) => {
  await using site = new Site();
  await using client = await site.client();
  const kinds = ["bigint", "nan", "circle", "deep", "large", "undefined"];
  await client.enqueueMany(
    "e2e.yield",
    kinds.map((kind) => ({ kind })),
    { queue: mode },
  );
  await site.worker(mode, "--processes", "1", "--concurrency", "10");
  await waitFor("all are over", async () => {
    const { success, failed } = await client.queue(mode).counts();
    return success + failed === kinds.length;
  });
  const failed = await client.jobs({ queue: mode, status: ["failed"] });
  expect(new Set(failed.map(({ params }) => params["kind"]))).toEqual(new Set(kinds.slice(0, -1)));
  expect(new Set(failed.map(({ error }) => error?.code))).toEqual(new Set(["INVALID_RESULT"]));
});
