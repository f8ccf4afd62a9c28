import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { answers, countDocuments, insertDocument, onRedis, privateEnv } from "./support.js";
import { servicesModule, startKeeper, within } from "./support.js";

type Start = typeof import("../../packages/tandemq/src/services/index.js").startServices;
const { startServices } = (await import(servicesModule)) as { startServices: Start };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandemq-services-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("starts private servers that take writes and transactions, and leaves nothing after stop", async () => {
  const services = await startServices({ env: privateEnv() });
  const { mongoUrl = "", redisUrl = "" } = services;
  await insertDocument(mongoUrl);
  expect(await countDocuments(mongoUrl)).toBe(1);
  const policy = await onRedis(redisUrl, (redis) => redis.config("GET", "maxmemory-policy"));
  expect(policy).toEqual(["maxmemory-policy", "noeviction"]);

  await services.stop();
  await services.stop();

  expect(await Promise.all([answers(mongoUrl), answers(redisUrl)])).toEqual([false, false]);
});

test.each(["SIGKILL", "SIGINT"] as const)("no server and no file outlives a parent that dies by %s", async (signal) => {
  const { child, mongoUrl, redisUrl } = await startKeeper(folder);
  expect(await Promise.all([answers(mongoUrl), answers(redisUrl)])).toEqual([true, true]);

  child.kill(signal);
  await once(child, "exit");

  const gone = async () => !(await answers(mongoUrl)) && !(await answers(redisUrl));
  expect(await within(60_000, gone)).toBe(true);
  expect(await within(60_000, async () => (await readdir(folder)).length === 0)).toBe(true);
});

test("data in a folder of the caller's is there again after a restart on other ports", async () => {
  const options = { dataDir: folder, env: privateEnv() };
  const first = await startServices(options);
  await insertDocument(first.mongoUrl ?? "");
  await onRedis(first.redisUrl ?? "", (redis) => redis.set("probe", "kept"));
  await first.stop();

  const second = await startServices(options);
  try {
    expect(await countDocuments(second.mongoUrl ?? "")).toBe(1);
    expect(await onRedis(second.redisUrl ?? "", (redis) => redis.get("probe"))).toBe("kept");
  } finally {
    await second.stop();
  }
});

test("two starts at once get servers of their own", async () => {
  const both = await Promise.all([startServices({ env: privateEnv() }), startServices({ env: privateEnv() })]);
  try {
    const urls = both.flatMap(({ mongoUrl, redisUrl }) => [mongoUrl, redisUrl]);
    expect(new Set(urls).size).toBe(4);
  } finally {
    await Promise.all(both.map((services) => services.stop()));
  }
});

test("addresses in the environment win and are left alone", async () => {
  await using owner = await startServices({ mongo: false, env: privateEnv() });
  const env = privateEnv({ TANDEMQ_MONGO: "mongodb://127.0.0.1:1/x", TANDEMQ_REDIS: owner.redisUrl });

  const services = await startServices({ env });
  expect(services).toMatchObject({ mongoUrl: "mongodb://127.0.0.1:1/x", redisUrl: owner.redisUrl });
  await services.stop();

  expect(await answers(owner.redisUrl ?? "")).toBe(true);
});

test("a server that does not start is told with the end of its log", async () => {
  const bin = join(folder, "bin");
  await writeBrokenRedis(bin);

  await expect(
    startServices({ env: privateEnv({ PATH: bin, XDG_CACHE_HOME: folder }), mongo: false }),
  ).rejects.toMatchObject({
    code: "BROKER_UNAVAILABLE",
    message: expect.stringMatching(/redis-server.*out of luck/s),
  });
});

async function writeBrokenRedis(bin: string): Promise<void> {
  await mkdir(bin);
  const path = join(bin, "redis-server");
  const versions = 'case "$1" in --version) echo "Redis server v=7.0.0 sha=0";; *) echo "out of luck"; exit 3;; esac';
  await writeFile(path, `#!/bin/sh\n${versions}\n`);
  await chmod(path, 0o755);
}
