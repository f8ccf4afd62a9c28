import { describe, expect, test } from "@jest/globals";
import { type Chore, type Claim, newJobId, type Outcome } from "@tandemq/core";
import { ObjectId } from "mongodb";
import type { UserConfig } from "tandemq";
import { waitFor } from "../support/wait-for.js";
import { claimAll, type Installation, install } from "./installation.js";

/** Leaves no grace worth waiting for. */
const quick: UserConfig = { worker: { lease: 100, extendEvery: 20 } };
const long = new Date(Date.now() - 3_600_000);
const failed: Outcome = { status: "failed", error: { name: "Error", message: "boom" } };

function chore({ deployment }: Installation, name: string): Chore {
  const found = deployment.chores().find((one) => one.name.includes(name));
  if (!found) throw new Error(`no chore "${name}"`);
  return found;
}

async function settleAll({ deployment }: Installation, queue: string, claims: readonly Claim[], outcome: Outcome) {
  const { broker } = await deployment.route(queue);
  await broker.settle(claims.map(({ id, token, generation }) => ({ id, queue, token, generation, outcome })));
}

/** A raw job that has started long ago. */
async function started(here: Installation, params: object = {}): Promise<string> {
  const { id } = await here.client.enqueue("t.raw", params, { queue: "raw" });
  await claimAll(here, "raw");
  await here.jobs.updateOne({ _id: ObjectId.createFromHexString(id) }, { $set: { queuedAt: long, startedAt: long } });
  return id;
}

async function loseEntry({ redis, key }: Installation, id: string): Promise<void> {
  for (const name of ["body", "token", "past"]) await redis.hdel(key("raw", name), id);
  for (const name of ["due", "ready"]) await redis.zrem(key("raw", name), id);
}

describe("raw jobs that Redis lost", () => {
  test("go back in line as a new life, once, whoever tidies", async () => {
    await using here = await install(quick);
    const id = await started(here, { n: 1 });
    await loseEntry(here, id);
    const both = [chore(here, "raw jobs"), chore(here, "raw jobs")];
    await Promise.all(both.map((one) => one.run()));
    expect(await chore(here, "raw jobs").run()).toBe(0);
    expect(await here.client.job(id)).toMatchObject({ status: "queued", generation: 2, params: { n: 1 } });
    const { claims } = await claimAll(here, "raw");
    expect(claims).toMatchObject([{ id, generation: 2, attempt: 1 }]);
  });

  test("one that runs, is young, was moved, or is over is left alone", async () => {
    await using here = await install({ ...quick, queues: { raw: "raw", "raw/*": "raw" } });
    const running = await started(here);
    const moved = await started(here);
    const { broker } = await here.deployment.route("raw");
    await here.deployment.route("raw/other");
    const held = (await here.client.job(moved))?.token ?? "";
    await broker.settle([{ id: moved, queue: "raw", token: held, outcome: { status: "interrupt" } }]);
    await broker.edit([{ id: moved, queue: "raw" }], { queue: "raw/other", due: { after: 3_600_000 } });
    const young = await here.client.enqueue("t.raw", {}, { queue: "raw" });
    await claimAll(here, "raw");
    expect(await chore(here, "raw jobs").run()).toBe(0);
    expect(await here.client.job(running)).toMatchObject({ status: "started", generation: 1 });
    expect(await here.client.job(young.id)).toMatchObject({ status: "started", generation: 1 });
    expect(await here.client.job(moved, "raw/other")).toMatchObject({ generation: 1 });
  });
});

describe("unique keys", () => {
  test("are free when their job is gone, and kept while it lives", async () => {
    await using here = await install(quick);
    const { id } = await here.client.enqueue("t.a", {}, { queue: "raw", key: "lives", delay: "1h" });
    const keys = here.key("raw", "keys");
    const dead = Array.from({ length: 1200 }, (_, n) => [`dead-${n}`, newJobId()]);
    await here.redis.hset(keys, Object.fromEntries(dead) as Record<string, string>);
    const tidy = chore(here, "unique keys");
    let freed = 0;
    await waitFor("all dead keys are free", async () => {
      freed += await tidy.run();
      return (await here.redis.hlen(keys)) === 1;
    });
    expect(freed).toBe(1200);
    expect(await here.redis.hgetall(keys)).toEqual({ lives: id });
  });

  test("of a regular job that another program ended", async () => {
    await using here = await install(quick);
    const options = { queue: "regular", key: "k", delay: "1h" } as const;
    const first = await here.client.enqueue("t.a", {}, options);
    await here.jobs.updateOne({ key: { $exists: true } }, { $set: { status: "success" }, $unset: { due: 1 } });
    expect(await here.client.enqueue("t.a", {}, options)).toMatchObject({ id: first.id, created: false });
    expect(await chore(here, "unique keys").run()).toBe(1);
    expect(await here.client.enqueue("t.a", {}, options)).toMatchObject({ created: true });
  });
});

describe("unique keys for a time", () => {
  test("in Redis are swept when the time is over, and are no mistake to a look", async () => {
    await using here = await install(quick);
    const keys = here.key("raw", "keys");
    const [over, lasting] = [newJobId(), newJobId()];
    await here.redis.hset(keys, {
      over: `${over} ${Date.now() - 1000}`,
      lasts: `${lasting} ${Date.now() + 3_600_000}`,
    });
    expect(await chore(here, "unique keys").run()).toBe(1);
    expect(await here.redis.hgetall(keys)).toEqual({ lasts: expect.stringMatching(lasting) });
  });

  test("in MongoDB are freed when the time is over; the document stays until then, whatever the retention", async () => {
    await using here = await install({ ...quick, retention: { failures: { count: 0 } } });
    const asked = { queue: "regular", key: { value: "k", for: "1h" } } as const;
    const { id } = await here.client.enqueue("t.a", {}, asked);
    await settleAll(here, "regular", (await claimAll(here, "regular")).claims, failed);
    const tidy = chore(here, "unique keys");
    expect([await tidy.run(), await chore(here, "retention").run()]).toEqual([0, 0]);
    expect(await here.client.enqueue("t.a", {}, asked)).toMatchObject({ id, created: false });
    await here.jobs.updateOne({ held: "k" }, { $set: { heldUntil: new Date(Date.now() - 1000) } });
    expect(await tidy.run()).toBe(1);
    expect(await here.client.enqueue("t.a", {}, asked)).toMatchObject({ created: true });
  });
});

describe("retention by count", () => {
  const retention: UserConfig["retention"] = {
    failures: { count: 5 },
    queues: { raw: { failed: { count: 2 } } },
    tasks: { "t.rare*": { failed: { count: 1 } } },
  };

  async function failMany(here: Installation, queue: string, path: string, count: number): Promise<string[]> {
    const list = Array.from({ length: count }, (_, n) => ({ n }));
    const handles = await here.client.enqueueMany(path, list, { queue });
    const { claims } = await claimAll(here, queue);
    await settleAll(here, queue, claims, failed);
    return handles.map(({ id }) => id);
  }

  test.each([
    ["regular", 5],
    ["raw", 2],
    ["no-storage", 5],
  ] as const)("the last failed jobs of a %s queue stay", async (queue, count) => {
    await using here = await install({ ...quick, retention });
    await failMany(here, queue, "t.a", 9);
    const left = async () => here.client.jobs({ queue, status: ["failed"] });
    await waitFor("the others are deleted", async () => {
      await Promise.all([chore(here, "retention").run(), chore(here, "retention").run()]);
      return (await left()).length <= count;
    });
    expect(await left()).toHaveLength(count);
    expect(await chore(here, "retention").run()).toBe(0);
  });

  test("per task, whatever the queue; successes have no such rule", async () => {
    await using here = await install({ ...quick, retention });
    await failMany(here, "regular", "t.rare", 3);
    const ok = await here.client.enqueueMany("t.rare", [{}, {}, {}], { queue: "regular" });
    await settleAll(here, "regular", (await claimAll(here, "regular")).claims, { status: "success" });
    await waitFor("the others are deleted", async () => {
      await chore(here, "retention").run();
      return (await here.client.jobs({ path: "t.rare", status: ["failed"] })).length === 1;
    });
    expect(await here.client.jobs({ status: ["success"] })).toHaveLength(ok.length);
  });

  test("cancelled jobs go by age", async () => {
    await using here = await install({ ...quick, retention: { cancel: "1h" } });
    const old = await here.client.enqueue("t.a", {}, { queue: "regular", delay: "1h" });
    const young = await here.client.enqueue("t.a", {}, { queue: "regular", delay: "1h" });
    await Promise.all([old.cancel(), young.cancel()]);
    const before = new Date(Date.now() - 2 * 3_600_000);
    const times = { queuedAt: before, finishedAt: before };
    await here.jobs.updateOne({ _id: ObjectId.createFromHexString(old.id) }, { $set: times });
    expect(await chore(here, "retention").run()).toBe(1);
    expect((await here.client.jobs()).map(({ id }) => id)).toEqual([young.id]);
  });

  test("nothing is looked for where no rule asks for it", async () => {
    await using here = await install({ retention: { success: "1d" } });
    expect(here.deployment.chores().map(({ name }) => name)).toEqual([
      "started raw jobs without an entry",
      "unique keys without a living job",
      "failed jobs in Redis whose time is over",
    ]);
  });
});

test("failures that Redis keeps go when their time is over", async () => {
  await using here = await install({}, "redis");
  await here.client.enqueueMany("t.a", [{}, {}], { queue: "no-storage" });
  const { claims } = await claimAll(here, "no-storage");
  await settleAll(here, "no-storage", claims, failed);
  await here.redis.zadd(here.key("no-storage", "failed"), 1, claims[0]?.id ?? "");
  expect(await chore(here, "failed jobs in Redis").run()).toBe(1);
  expect((await here.client.jobs({ status: ["failed"] })).map(({ id }) => id)).toEqual([claims[1]?.id]);
});
