import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test } from "@jest/globals";
import { ClosedError, type Deployment, newJobId, QueueMismatchError, QueueUnknownError } from "@tandemq/core";
import { MongoClient } from "mongodb";
import { mongoUrl, redisUrl } from "../../../../test/support/stores.js";
import { waitFor } from "../../../../test/support/wait-for.js";
import type { UserConfig } from "../../src/config/config.js";
import { loadConfig } from "../../src/config/load-config.js";
import { createDeployment } from "../../src/modes/create-deployment.js";

const name = () => `tq-${randomBytes(5).toString("hex")}`;
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

/** Addresses of a database and a key prefix of the test's own. */
function ownStores(): { mongo: string; redis: string; prefix: string } {
  const mongo = mongoUrl(name());
  open.push({
    async [Symbol.asyncDispose]() {
      await using client = new MongoClient(mongo);
      await client.db().dropDatabase();
    },
  });
  return { mongo, redis: redisUrl(), prefix: name() };
}

async function deploy(config: UserConfig, warnings: string[] = []): Promise<Deployment> {
  const loaded = await loadConfig({ config, env: {} });
  const deployment = createDeployment(loaded.config, { warn: (message) => void warnings.push(message) });
  open.unshift({ [Symbol.asyncDispose]: () => deployment.close() });
  await deployment.start();
  return deployment;
}

describe("the mode of a queue", () => {
  test("comes from its full name first, then from the longest pattern", async () => {
    const queues = { "*": "no-storage", "crawl/*": "raw", "crawl/site": "regular" } as const;
    const deployment = await deploy({ ...ownStores(), queues });
    const modes = ["crawl/site", "crawl/other", "mail"].map(async (queue) => (await deployment.route(queue)).mode);
    expect(await Promise.all(modes)).toEqual(["regular", "raw", "no-storage"]);
  });

  test("that nobody configured is refused, saying how to configure it", async () => {
    const deployment = await deploy({ ...ownStores(), queues: { mail: "raw" } });
    const refusal = expect(deployment.route("mial")).rejects;
    await refusal.toBeInstanceOf(QueueUnknownError);
    await expect(deployment.route("mial")).rejects.toThrow(/"mial".*configured are mail.*\{ "mial": "regular" \}/);
  });

  test.each([
    ["raw", "no-storage"],
    ["regular", "raw"],
    ["no-storage", "regular"],
  ] as const)("recorded as %s refuses %s, naming both and the way out", async (recorded, configured) => {
    const stores = ownStores();
    await (await deploy({ ...stores, queues: { mail: recorded } })).route("mail");
    const other = await deploy({ ...stores, queues: { mail: configured } });
    await expect(other.route("mail")).rejects.toBeInstanceOf(QueueMismatchError);
    await expect(other.route("mail")).rejects.toThrow(
      new RegExp(`"${recorded}".*configured as "${configured}".*tandemq queues forget mail`),
    );
  });

  test("disagrees even when two programs share only one of the stores", async () => {
    const { mongo, redis, prefix } = ownStores();
    await (await deploy({ mongo, redis, prefix, queues: { mail: "regular" } })).route("mail");
    const other = await deploy({ redis, prefix, queues: { mail: "no-storage" } });
    await expect(other.route("mail")).rejects.toBeInstanceOf(QueueMismatchError);
  });
});

test("a refused use records nothing in the store that did not know the queue", async () => {
  const { mongo, redis, prefix } = ownStores();
  await (await deploy({ mongo, prefix, queues: { mail: "regular" } })).route("mail");
  const refused = await deploy({ mongo, redis, prefix, queues: { mail: "raw" } });
  await expect(refused.route("mail")).rejects.toBeInstanceOf(QueueMismatchError);
  const right = await deploy({ mongo, redis, prefix, queues: { mail: "regular" } });
  expect((await right.route("mail")).mode).toBe("regular");
});

describe("a store that is away", () => {
  const nowhere = "mongodb://user:secret@127.0.0.1:1/none?serverSelectionTimeoutMS=300";

  test("is told by its address, without the password, when its queues are in use", async () => {
    const starting = deploy({ mongo: nowhere, queues: { mail: "regular" } });
    await expect(starting).rejects.toThrow(/127\.0\.0\.1:1/);
    await expect(starting).rejects.not.toThrow(/secret/);
  });

  test("stops no queue of the other", async () => {
    const warnings: string[] = [];
    const { redis, prefix } = ownStores();
    const deployment = await deploy({ mongo: nowhere, redis, prefix, queues: { hits: "no-storage" } }, warnings);
    const { broker } = await deployment.route("hits");
    const job = { id: newJobId(), queue: "hits", path: "a.task", params: "{}", priority: 0, due: { after: 0 } };
    await broker.enqueue([job]);
    const { claims } = await broker.claim({ queues: ["hits"], max: 1, lease: 60_000, worker: "w" });
    const outcome = { status: "failed", error: { name: "Error", message: "no" } } as const;
    expect(await broker.settle(claims.map((claim) => ({ ...claim, outcome })))).toEqual([{ state: "settled" }]);
    expect((await broker.get([job]))[0]).toMatchObject({ status: "failed" });
    expect(warnings.join()).toContain("127.0.0.1:1");
    expect(warnings.join()).not.toContain("secret");
  });
});

describe("sources", () => {
  test("one for each mode in use, with the queues named", async () => {
    const queues = { mail: "regular", hits: "no-storage", other: "no-storage" } as const;
    const deployment = await deploy({ ...ownStores(), queues });
    const sources = await deployment.sources(["mail", "hits"]);
    expect(sources.map((source) => [source.name, source.queues()])).toEqual([
      ["regular", ["mail"]],
      ["no-storage", ["hits"]],
    ]);
  });

  test("a queue that matches a pattern is served from its first use on", async () => {
    const stores = ownStores();
    const config = { ...stores, queues: { "crawl/*": "raw", "mail/*": "raw" } } as const;
    const [worker, producer] = [await deploy(config), await deploy(config)];
    const [raw] = await worker.sources(["crawl/"]);
    expect(raw?.queues()).toEqual([]);
    const { broker } = await producer.route("crawl/new");
    await producer.route("mail/new");
    const job = { id: newJobId(), queue: "crawl/new", path: "a.task", params: "{}", priority: 0, due: { after: 0 } };
    await broker.enqueue([job]);
    await waitFor("the new queue is served", async () => raw?.queues().length === 1);
    expect(raw?.queues()).toEqual(["crawl/new"]);
  });
});

test("a worker is seen once, whatever stores its heartbeat reaches", async () => {
  const { registry } = await deploy({ ...ownStores(), queues: { mail: "regular", hits: "no-storage" } });
  const worker = { id: "w-1", host: "h", pid: 1, startedAt: new Date(), queues: [], concurrency: 1, processes: 1 };
  await registry.heartbeat({ ...worker, state: "running", report: {} }, 60_000);
  expect((await registry.workers()).map(({ id, state }) => [id, state])).toEqual([["w-1", "running"]]);
  await registry.forgetWorker("w-1");
  expect(await registry.workers()).toEqual([]);
});

describe("a deployment that is closed", () => {
  const create = async () => {
    const { config } = await loadConfig({ config: { ...ownStores(), queues: { mail: "regular" } }, env: {} });
    return createDeployment(config);
  };

  test("while it starts leaves no connection open", async () => {
    const deployment = await create();
    const started = expect(deployment.start()).rejects.toBeInstanceOf(ClosedError);
    await deployment.close();
    await started;
  });

  test("is not started again", async () => {
    const deployment = await create();
    await deployment.close();
    await expect(deployment.start()).rejects.toBeInstanceOf(ClosedError);
  });
});
