import { expect, test } from "@jest/globals";
import { newJobId } from "@tandemq/core";
import { claim, newJob, stage, success } from "./support/stage.js";
import { waitFor } from "../../../test/support/wait-for.js";

const head = '{"v":1,"path":"test.task"}';

test.each([
  ["no body", undefined, /no body/],
  ["junk", "junk", /three parts/],
  ["an empty body", "", /three parts/],
  ["a first line of words", `now one high\n${head}\n{}`, /first line/],
  ["a head that is no JSON", "1 1 0\n{\n{}", /not JSON/],
  ["a head that is a list", "1 1 0\n[]\n{}", /not a JSON object/],
  ["no path", '1 1 0\n{"v":1}\n{}', /no task path/],
  ["a version of the future", '1 1 0\n{"v":99,"path":"a"}\n{}', /schema version 99/],
  ["params that are a list", `1 1 0\n${head}\n[]`, /params/],
])("an entry with %s is set aside, and the queue goes on", async (_, text, reason) => {
  await using s = stage();
  const id = newJobId();
  const good = newJob();
  if (text !== undefined) await s.admin.hset(s.key("body"), id, text);
  await s.admin.zadd(s.key("ready"), 1, id);
  await s.broker.enqueue([good]);
  const answer = await s.broker.claim({ queues: ["q"], max: 10, lease: 30_000, worker: "worker" });
  expect(answer.claims.map((one) => one.id)).toEqual([good.id]);
  expect(answer.setAside).toMatchObject([{ queue: "q", id, reason: expect.stringMatching(reason) }]);
  expect(await s.broker.malformed("q")).toEqual([
    { queue: "q", id, reason: answer.setAside[0]?.reason, raw: text ?? "" },
  ]);
  await s.broker.settle(answer.claims.map(success));
  expect((await s.broker.counts(["q"])).get("q")).toMatchObject({ queued: 0, started: 0 });
  expect(await s.broker.get([{ queue: "q", id }])).toEqual([undefined]);
});

test.each([
  ["of another length", Buffer.from("short")],
  ["with a line break", Buffer.from("0123456789ab\ncdef0123456")],
  ["of letters that take two bytes", Buffer.from("éééééééééééé")],
  ["of letters that take two bytes, with a line break", Buffer.from("ééééé\nééééééx")],
  ["that is no text", Buffer.from(`${"ff".repeat(24)}`, "hex")],
  ["of capital letters", Buffer.from("ABCDEF0123456789ABCDEF01")],
])("an id %s is set aside, among good ones", async (_, id) => {
  await using s = stage();
  const [before, after] = [newJob({ priority: 10 }), newJob({ priority: -10 })];
  await s.broker.enqueue([before, after]);
  await s.admin.hset(s.key("body"), id, `1 1 0\n${head}\n{}`);
  await s.admin.zadd(s.key("ready"), 1, id);
  const answer = await s.broker.claim({ queues: ["q"], max: 10, lease: 30_000, worker: "worker" });
  expect(answer.claims.map((one) => one.id)).toEqual([before.id, after.id]);
  expect(answer.setAside).toHaveLength(1);
  expect(await s.broker.settle(answer.claims.map(success))).toEqual([{ state: "settled" }, { state: "settled" }]);
  expect(await s.admin.exists(s.key("body"), s.key("token"), s.key("ready"), s.key("due"))).toBe(0);
});

test.each([
  ["one", 1],
  ["many", 10],
])("a pack of no jobs is set aside by a claim of %s, and the jobs around it go on", async (_, max) => {
  await using s = stage();
  const [before, after] = [newJob({ priority: 10 }), newJob({ priority: -10 })];
  await s.broker.enqueue([before, after]);
  const name = `${newJobId()}+0`;
  await s.admin.hset(s.key("body"), name, `1 1 0\n${head}\n\n`);
  await s.admin.zadd(s.key("packs"), 0, name);
  await s.admin.zadd(s.key("ready"), 1, name);
  const [ids, aside]: string[][] = [[], []];
  for (let claims = 0; claims < 3; claims++) {
    const answer = await s.broker.claim({ queues: ["q"], max, lease: 30_000, worker: "worker" });
    ids?.push(...answer.claims.map(({ id }) => id));
    aside?.push(...answer.setAside.map(({ id }) => id));
  }
  expect([ids, aside]).toEqual([[before.id, after.id], [name]]);
  expect(await s.admin.exists(s.key("packs"), s.key("ready"))).toBe(0);
});

test.each(["nan", "inf", "word", ""])("a place in line that reads %p moves up with its job", async (place) => {
  await using s = stage();
  const job = newJob({ due: { after: 1 } });
  await s.broker.enqueue([job]);
  await s.admin.hset(s.key("place"), job.id, place);
  const [found] = await waitFor("it is due", async () => {
    const claims = await claim(s.broker);
    return claims.length > 0 && claims;
  });
  expect(found?.id).toBe(job.id);
});

test("a token and a past that mean nothing hold nobody up", async () => {
  await using s = stage();
  const job = newJob();
  await s.broker.enqueue([job]);
  await s.admin.hset(s.key("token"), job.id, "garbage");
  await s.admin.hset(s.key("past"), job.id, "garbage\nmore");
  expect(await s.broker.get([job])).toMatchObject([{ id: job.id, attempt: 0, history: [] }]);
  const [found] = await claim(s.broker);
  expect(found).toMatchObject({ id: job.id, attempt: 1, deliveries: 1 });
  await s.broker.settle([{ ...success(found as never), outcome: { status: "retry", delay: 0 } }]);
  expect(await s.broker.get([job])).toMatchObject([{ status: "retry", attempt: 1, deliveries: 1 }]);
});

test("a key whose job was deleted by hand is free", async () => {
  await using s = stage();
  const key = { value: "k", until: "finish" as const };
  const gone = newJob({ key });
  await s.broker.enqueue([gone]);
  await s.admin.hdel(s.key("body"), gone.id);
  const next = newJob({ key });
  expect(await s.broker.enqueue([next])).toEqual([{ state: "enqueued", id: next.id, created: true }]);
});

test("a key of the queue that holds something else is named as what it is", async () => {
  await using s = stage();
  await s.admin.set(s.key("ready"), "mine");
  await expect(s.broker.enqueue([newJob()])).rejects.toThrow(/WRONGTYPE.*another prefix/);
});
