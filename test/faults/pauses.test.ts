import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { Client } from "@tandemq/core";
import { createClient } from "tandemq";
import { createStores } from "../../scripts/faults/stores.mjs";
import { modes, Site } from "../e2e/support/site.js";
import { waitFor } from "../support/wait-for.js";

/** Every queue that is to be paused: one by its name, and a tree at two depths. */
const paused = modes.flatMap((mode) => [`${mode}/alone`, `${mode}/tree/a`, `${mode}/tree/b/c`]);
const trees = modes.map((mode) => `${mode}/tree/` as const);

/** An installation of two private servers, with what a test needs of it. */
async function install() {
  const folder = mkdtempSync(join(tmpdir(), "tandemq-pauses-"));
  const stores = await createStores(folder);
  await Promise.all([stores.mongo.start(), stores.redis.start()]);
  const site = new Site();
  const [mongo, redis] = [stores.mongo.url, stores.redis.url];
  const queues = Object.fromEntries(modes.map((mode) => [`${mode}/*`, mode] as const));
  const client = await createClient({ mongo, redis, prefix: site.name, queues });
  return {
    ...{ stores, site, client },
    worker: async () => {
      const worker = site.start(["worker", "--processes", "1"], { TANDEMQ_MONGO: mongo, TANDEMQ_REDIS: redis });
      await waitFor("the worker is ready", async () => worker.says("the worker is ready"));
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await site[Symbol.asyncDispose]();
      await Promise.all([stores.mongo.stop(), stores.redis.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function add(client: Client, queues: readonly string[], text: string): Promise<void> {
  for (const queue of queues) await client.enqueue("e2e.note", { text: `${text} ${queue}` }, { queue });
}

/** Returns when the queues that nobody paused have run this: the worker has found its servers again, and works. */
async function runsOpen({ client, site }: { client: Client; site: Site }, text: string): Promise<void> {
  const open = modes.map((mode) => `${mode}/open`);
  await add(client, open, text);
  await waitFor("open queues run", async () => open.every((queue) => site.story().includes(`${text} ${queue}`)));
}

/** Whether this was done; a server that is away refuses it with a sentence of its own. */
async function isDone(action: Promise<void>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "BROKER_UNAVAILABLE" });
    return false;
  }
}

/** The server dies and comes back; a queue is paused while it is away, which is refused, and again until it is done. */
async function pauseDuringDeath({ client, stores }: Awaited<ReturnType<typeof install>>, name: "mongo" | "redis") {
  const late = client.queue(`${name === "mongo" ? "regular" : "raw"}/late`);
  await stores[name].kill();
  expect(await isDone(late.pause())).toBe(false);
  await stores[name].start();
  await waitFor("asked again, it is paused", () => isDone(late.pause()));
  // Workers obey a pause within a second: the job comes due after it.
  const job = await client.enqueue("e2e.note", { text: `kept ${late.name}` }, { queue: late.name, delay: "4s" });
  return { late, isDue: async () => ((await job.get()).due?.getTime() ?? 0) < Date.now() };
}

test("what was paused before or during the death of either store is paused until it is resumed, a tree too", async () => {
  await using here = await install();
  const { client, site } = here;
  const alone = modes.map((mode) => client.queue(`${mode}/alone`));
  await add(client, paused, "kept");
  await Promise.all([...trees.map((tree) => client.queue(tree)), ...alone].map((one) => one.pause()));
  await here.worker();
  await runsOpen(here, "before");

  const late = [];
  for (const name of ["mongo", "redis"] as const) {
    late.push(await pauseDuringDeath(here, name));
    const appeared = `${name === "mongo" ? "regular" : "raw"}/tree/new`;
    await add(client, [appeared], "kept");
    await runsOpen(here, `after ${name}`);
  }
  await here.worker();
  await runsOpen(here, "with a new worker");
  for (const { isDue } of late) await waitFor("the jobs of the late queues are due", isDue);
  await runsOpen(here, "after that");

  const kept = [...paused, "regular/tree/new", "raw/tree/new", ...late.map((one) => one.late.name)];
  const ran = () => site.story().filter((line) => line.startsWith("kept"));
  expect(ran()).toEqual([]);
  for (const queue of kept) expect([queue, (await client.queue(queue).counts()).queued]).toEqual([queue, 1]);
  await Promise.all(trees.map((tree) => client.queue(tree).resume()));
  await Promise.all([...alone, ...late.map((one) => one.late)].map((queue) => queue.resume()));
  await waitFor("all run", async () => ran().length === kept.length);
  expect(ran().sort()).toEqual(kept.map((queue) => `kept ${queue}`).sort());
});
