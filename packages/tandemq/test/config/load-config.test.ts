import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ConfigError } from "@tandemq/core";
import type { UserConfig } from "../../src/config/config.js";
import { type LoadedConfig, type LoadOptions, loadConfig } from "../../src/config/load-config.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandemq-config-"));
});
afterEach(() => rm(folder, { recursive: true }));

const mongo = "mongodb://127.0.0.1:27017/app";
const redis = "redis://127.0.0.1:6379";

/** The configuration of a folder in which `tandemq.config.json` says this. */
async function fromFile(config: UserConfig, options: LoadOptions = {}): Promise<LoadedConfig> {
  await writeFile(join(folder, "tandemq.config.json"), JSON.stringify(config));
  return loadConfig({ cwd: folder, env: {}, ...options });
}

async function mistakesOf(loading: Promise<unknown>): Promise<readonly [string, string][]> {
  const error: unknown = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error("no ConfigError");
  return error.mistakes.map(({ path, message }) => [path, message]);
}

describe("precedence", () => {
  const worker = { concurrency: 2 };

  test("file over default", async () => {
    const { config, originOf } = await fromFile({ mongo, worker });
    expect(config.worker).toMatchObject({ concurrency: 2, processes: 1, lease: 30_000 });
    expect(originOf("worker.concurrency")).toEqual({ from: "file", name: join(folder, "tandemq.config.json") });
    expect(originOf("worker.processes")).toEqual({ from: "default" });
  });

  test("environment over file", async () => {
    const { config, originOf } = await fromFile({ mongo, worker }, { env: { TANDEMQ_CONCURRENCY: "3" } });
    expect(config.worker.concurrency).toBe(3);
    expect(originOf("worker.concurrency")).toEqual({ from: "environment", name: "TANDEMQ_CONCURRENCY" });
  });

  test("flag over environment, even a flag that says the default", async () => {
    const env = { TANDEMQ_CONCURRENCY: "3" };
    const { config, originOf } = await fromFile({ mongo, worker }, { env, flags: { concurrency: "10" } });
    expect(config.worker.concurrency).toBe(10);
    expect(originOf("worker.concurrency")).toEqual({ from: "flag", name: "--concurrency" });
  });

  test("an empty variable is as good as none", async () => {
    expect((await fromFile({ mongo, worker }, { env: { TANDEMQ_CONCURRENCY: "" } })).config.worker.concurrency).toBe(2);
  });

  test("a store's address is replaced as a whole", async () => {
    const long = { url: mongo, username: "me", password: "p@ss" };
    const { config } = await fromFile({ mongo: long });
    expect(config.mongo?.url).toBe("mongodb://me:p%40ss@127.0.0.1:27017/app");
    const other = await fromFile({ mongo: long }, { env: { TANDEMQ_MONGO: "mongodb://other/db" } });
    expect(other.config.mongo?.url).toBe("mongodb://other/db");
  });

  test("options of the caller's own stand over the environment, and are left as they are", async () => {
    const own: UserConfig = Object.freeze({ mongo, worker: Object.freeze({ concurrency: 4 }) });
    const env = { TANDEMQ_CONCURRENCY: "3", TANDEMQ_PROCESSES: "0" };
    const { config, originOf } = await loadConfig({ config: own, env, cwd: folder });
    expect(config.worker).toMatchObject({ concurrency: 4, processes: 0 });
    expect(originOf("worker.concurrency")).toEqual({ from: "code" });
  });
});

describe("the file", () => {
  test("is found from the working directory upward", async () => {
    const below = join(folder, "a", "b");
    await mkdir(below, { recursive: true });
    await fromFile({ mongo, tasks: "tasks/*.js" });
    const { config, file } = await loadConfig({ cwd: below, env: {} });
    expect(file).toBe(join(folder, "tandemq.config.json"));
    expect(config.tasks).toEqual({ patterns: ["tasks/*.js"], cwd: folder, middleware: [] });
  });

  test("tasks named on the command line start from the working directory", async () => {
    const below = join(folder, "below");
    await mkdir(below);
    await fromFile({ mongo, tasks: "tasks/*.js" });
    const { config } = await loadConfig({ cwd: below, env: {}, flags: { tasks: "a.js,b.js" } });
    expect(config.tasks).toEqual({ patterns: ["a.js", "b.js"], cwd: below, middleware: [] });
  });

  test.each([
    ["tandemq.config.mjs", `export default { mongo: "${mongo}" };`],
    ["tandemq.config.cjs", `module.exports = { mongo: "${mongo}" };`],
    ["tandemq.config.json", `{ "mongo": "${mongo}" }`],
  ])("%s", async (name, text) => {
    await writeFile(join(folder, name), text);
    expect((await loadConfig({ cwd: folder, env: {} })).config.mongo?.url).toBe(mongo);
  });

  test("where there are two, a warning names the one that is not read", async () => {
    await writeFile(join(folder, "tandemq.config.mjs"), `export default { mongo: "${mongo}" };`);
    await writeFile(join(folder, "tandemq.config.json"), `{ "redis": "redis://127.0.0.1" }`);
    const { config, warnings } = await loadConfig({ cwd: folder, env: {} });
    expect([config.mongo?.url, config.redis]).toEqual([mongo, undefined]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/tandemq\.config\.json is there, too, and is not read: .*tandemq\.config\.mjs comes first/),
    ]);
  });

  test("where there is none and no store, the error says where it was looked for", async () => {
    const [mistake] = await mistakesOf(loadConfig({ cwd: folder, env: {} }));
    expect(mistake?.[1]).toContain(`there is no tandemq.config.js in ${folder}, nor in a folder above`);
    const [other] = await mistakesOf(loadConfig({ config: {}, env: {} }));
    expect(other?.[1]).not.toContain("tandemq.config.js");
  });

  test("named by a variable", async () => {
    await writeFile(join(folder, "other.json"), JSON.stringify({ mongo }));
    expect((await loadConfig({ cwd: folder, env: { TANDEMQ_CONFIG: "other.json" } })).config.mongo?.url).toBe(mongo);
  });

  test.each([
    ["broken.json", "{"],
    ["broken.mjs", "throw new Error('no luck')"],
    ["nothing.mjs", "export const a = 1"],
    ["missing.mjs", undefined],
  ])("that cannot be used is one clear error: %s", async (name, text) => {
    if (text !== undefined) await writeFile(join(folder, name), text);
    const [mistake] = await mistakesOf(loadConfig({ cwd: folder, env: {}, file: name }));
    expect(mistake?.[1]).toMatch(/cannot be read|expected an object as its default export/);
  });
});

describe("mistakes", () => {
  test("all at once, with what set them", async () => {
    const config = { mongo: "http://me:secret@h", wroker: {}, worker: { processes: -1, recycle: { memory: "1GB" } } };
    const env = { TANDEMQ_CONCURRENCY: "many" };
    const found = await mistakesOf(fromFile(config as unknown as UserConfig, { env, flags: { lease: "soon" } }));
    expect(found.map(([path]) => path).sort()).toEqual(
      ["mongo.url", "worker.concurrency", "worker.lease", "worker.processes", "worker.recycle.memory", "wroker"].sort(),
    );
    const text = Object.fromEntries(found);
    expect(text["wroker"]).toContain('did you mean "worker"?');
    expect(text["worker.concurrency"]).toContain('got "many" (set by TANDEMQ_CONCURRENCY)');
    expect(text["worker.lease"]).toContain('got "soon" (set by --lease)');
    expect(JSON.stringify(found)).not.toContain("secret");
  });

  test("a queue whose store is not configured is named", async () => {
    const queues = { mail: "raw", "crawl/*": "no-storage", slow: { mode: "regular" } } as const;
    expect(await mistakesOf(fromFile({ mongo, queues }))).toEqual([
      ['queues["mail"]', expect.stringMatching(/raw queue needs Redis/)],
      ['queues["crawl/*"]', expect.stringMatching(/no-storage queue needs Redis/)],
    ]);
    expect(await mistakesOf(fromFile({ redis, queues }))).toEqual([
      ['queues["mail"]', expect.stringMatching(/raw queue needs MongoDB/)],
      ['queues["slow"]', expect.stringMatching(/regular queue needs MongoDB/)],
    ]);
  });

  test.each([
    ["a name that ends in a slash", { "mail/": "regular" }, /queue name/],
    ["a star in the middle", { "a*b": "regular" }, /queue name/],
    ["an unknown mode", { mail: "regulr" }, /did you mean "regular"/],
    ["a missing mode", { mail: {} }, /it is missing/],
    [
      "a kind that MongoDB has not",
      { mail: { mode: "regular", kind: "timed" } },
      /make the queue "raw" to have "timed"/,
    ],
  ])("%s", async (_, queues, message) => {
    const found = await mistakesOf(
      fromFile({ mongo, queues: queues as unknown as UserConfig["queues"] } as UserConfig),
    );
    expect(found).toEqual([
      [expect.stringContaining("mail" in queues ? "mail" : "queues"), expect.stringMatching(message)],
    ]);
  });

  test("a lease has to survive one failed extension", async () => {
    const found = await mistakesOf(fromFile({ mongo, worker: { lease: "10s", extendEvery: "5s" } }));
    expect(found).toEqual([["worker.extendEvery", expect.stringContaining("worker.lease (10000 ms)")]]);
    expect((await fromFile({ mongo, worker: { lease: "9s" } })).config.worker.extendEvery).toBe(3000);
  });

  test("no store at all", async () => {
    expect(await mistakesOf(fromFile({}))).toEqual([["", expect.stringMatching(/TANDEMQ_MONGO.*TANDEMQ_REDIS/)]]);
    expect((await fromFile({}, { storeless: true })).config.mongo).toBeUndefined();
  });
});

test("without queues there is one, regular where MongoDB is configured", async () => {
  expect((await fromFile({ mongo, redis })).config.queues).toMatchObject({
    default: { mode: "regular", kind: "fifo" },
  });
  expect((await fromFile({ redis })).config.queues).toMatchObject({ default: { mode: "no-storage", kind: "fifo" } });
});

test("a variable that is nearly one of ours is warned of", async () => {
  const { warnings } = await fromFile({ mongo }, { env: { TANDEMQ_CONCURENCY: "3", TANDEMQ_TEST_MONGO_URL: "x" } });
  expect(warnings).toEqual([
    { path: "", message: "TANDEMQ_CONCURENCY has no effect, did you mean TANDEMQ_CONCURRENCY?" },
  ]);
});
