import { expect, test } from "@jest/globals";
import { allScripts } from "../src/generated/lua.js";
import { Keyspace } from "../src/keys.js";
import { claim, newJob, stage, success } from "./support/stage.js";
import { waitFor } from "../../../test/support/wait-for.js";

test("every key of every script carries the queue's name as its hash tag", () => {
  const queue = new Keyspace("tq").queue("mail/a");
  for (const script of allScripts) {
    const keys = [...queue.of(script), ...queue.ofSession(script, "settled", "w.1:0")];
    for (const key of keys) expect(key).toMatch(/^tq:\{mail\/a\}:[A-Za-z]/);
    expect(queue.of(script)).toHaveLength(script.numberOfKeys);
  }
});

test("braces in a queue's name do not end its hash tag", () => {
  expect(new Keyspace("tq").queue("a}b{c").key("ready")).toBe("tq:{a%7Db%7Bc}:ready");
});

test("keys of one session differ from those of another", () => {
  const queue = new Keyspace("tq").queue("q");
  const script = allScripts.find(({ name }) => name === "settle");
  const keys = ["a:0", "b:0", "a:1", "a:0"].map((session) => script && queue.ofSession(script, "settled", session)[7]);
  expect(keys).toEqual(["a:0", "b:0", "a:1", "a:0"].map((session) => `tq:{q}:settled:${session}`));
});

/** Every way through a job's life, in one queue. */
async function liveThrough(s: ReturnType<typeof stage>): Promise<void> {
  const key = (value: string, until: "start" | "finish") => ({ key: { value, until } });
  const jobs = [
    newJob(key("a", "start")),
    newJob(key("b", "finish")),
    newJob({ due: { after: 5 } }),
    newJob(),
    newJob(),
  ];
  await s.broker.enqueue(jobs);
  const [first, second, third] = await claim(s.broker, 3, 1);
  if (!first || !second || !third) throw new Error("three jobs are due");
  await waitFor("their leases lapse", async () => (await s.admin.zcount(s.key("due"), "-inf", Date.now() - 1)) >= 3);
  expect(await s.broker.extend([first], 30_000)).toEqual(["extended"]);
  const error = { name: "Error", message: "boom" };
  await s.broker.settle([
    { ...success(second), outcome: { status: "retry", delay: 0, error } },
    { ...success(third), outcome: { status: "interrupt", lost: true } },
    { ...success(first), outcome: { status: "failed", error } },
  ]);
  await s.broker.edit([{ queue: "q", id: jobs[4]?.id ?? "" }], { queue: "other" });
  await s.broker.edit([{ queue: "other", id: jobs[4]?.id ?? "" }], { queue: "q", priority: 3 });
  let ended = 1;
  await waitFor("all are over", async () => {
    const claims = await claim(s.broker);
    await s.broker.settle(claims.map(success));
    ended += claims.length;
    return ended === jobs.length;
  });
}

test("when all jobs are over, only what vanishes by itself is left of the queue", async () => {
  await using s = stage();
  await liveThrough(s);
  const keys = await s.admin.keys(`${s.prefix}:{*`);
  const ttls = await Promise.all(keys.map(async (key) => [key, await s.admin.ttl(key)] as const));
  expect(ttls.length).toBeGreaterThan(0);
  expect(ttls.filter(([, ttl]) => ttl === -1)).toEqual([]);
  expect(await s.admin.keys(`${s.prefix}:[^{]*`)).toEqual([`${s.prefix}:names`]);
});

test("a delayed job that moves to another queue leaves nothing in the old one", async () => {
  await using s = stage();
  const job = newJob({ due: { after: 60_000 }, key: { value: "k", until: "finish" } });
  await s.broker.enqueue([job]);
  expect(await s.broker.edit([job], { queue: "other", params: '{"b":2}' })).toEqual(["done"]);
  const keys = await s.admin.keys(`${s.prefix}:{q}*`);
  const ttls = await Promise.all(keys.map((key) => s.admin.ttl(key)));
  expect(keys.filter((_, i) => ttls[i] === -1)).toEqual([]);
  expect(await s.broker.get([{ id: job.id, queue: "other" }])).toMatchObject([{ params: { b: 2 }, status: "queued" }]);
});

test("a queue that counts and keeps failures keeps just these", async () => {
  await using s = stage({ countFinished: true, keepFailures: true });
  await liveThrough(s);
  const keys = await s.admin.keys(`${s.prefix}:{q}*`);
  const kept = await Promise.all(keys.map(async (key) => ((await s.admin.ttl(key)) === -1 ? [key] : [])));
  expect(kept.flat().sort()).toEqual(["counts", "failed", "failedBody"].map((name) => s.key(name)));
  expect((await s.broker.counts(["q"])).get("q")).toMatchObject({ success: 4, failed: 1, queued: 0, started: 0 });
});

test("a job in line costs its text and little more", async () => {
  await using s = stage();
  const count = 10_000;
  await s.broker.enqueue(Array.from({ length: count }, (_, b) => newJob({ params: `{"a":1,"b":${b}}` })));
  const sizes = await Promise.all(["ready", "body"].map((name) => s.admin.memory("USAGE", s.key(name), "SAMPLES", 0)));
  const bytes = sizes.reduce((sum: number, size) => sum + Number(size), 0) / count;
  expect(bytes).toBeLessThan(350);
});
