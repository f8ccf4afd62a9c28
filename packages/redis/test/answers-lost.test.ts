import { expect, test } from "@jest/globals";
import { BrokerUnavailableError } from "@tandemq/core";
import { redisProxy } from "./support/proxy.js";
import { claim, newJob, stage, success, testUrl } from "./support/stage.js";
import { inTime } from "../../../test/support/patience.js";
import { waitFor } from "../../../test/support/wait-for.js";

test("a claim whose answer is cut off is repeated and gives the same jobs: one delivery, no loss", async () => {
  await using proxy = await redisProxy(testUrl());
  await using s = stage({}, { url: proxy.url });
  const jobs = [newJob(), newJob(), newJob()];
  await s.broker.enqueue(jobs);
  await claim(s.broker, 1);
  proxy.mode = "cut";
  const claiming = claim(s.broker, 1);
  await waitFor("the answer is lost", async () => proxy.lost > 0 && (await s.admin.hlen(s.key("token"))) === 2);
  proxy.mode = "pass";
  const [again] = await claiming;
  expect(again).toMatchObject({ id: jobs[1]?.id, deliveries: 1, lost: 0 });
  expect(await s.admin.hlen(s.key("token"))).toBe(2);
});

test("a claim that was given up as unanswered is taken up by the next one", async () => {
  await inTime(300, async (deadline) => {
    await using proxy = await redisProxy(testUrl());
    await using s = stage({}, { url: proxy.url, deadline });
    const jobs = [newJob(), newJob(), newJob()];
    await s.broker.enqueue(jobs);
    await s.broker.claim({ queues: ["other"], max: 1, lease: 30_000, worker: "worker" });
    proxy.mode = "hold";
    await expect(claim(s.broker, 2)).rejects.toThrow(BrokerUnavailableError);
    proxy.mode = "pass";
    const [first, ...more] = await waitFor("it answers again", () => claim(s.broker, 1).catch(() => undefined));
    expect(more).toEqual([]);
    expect(first).toMatchObject({ id: jobs[0]?.id, deliveries: 1, lost: 0 });
    const rest = await claim(s.broker);
    expect(rest.map(({ id }) => id)).toEqual([jobs[1]?.id, jobs[2]?.id]);
    expect(rest.map(({ lost }) => lost)).toEqual([0, 0]);
  });
});

test("two workers of one name on different connections never get each other's jobs", async () => {
  await using one = stage();
  await using two = stage({}, { url: testUrl(), prefix: one.prefix });
  await one.broker.enqueue([newJob(), newJob()]);
  const [[a], [b]] = [await claim(one.broker, 1), await claim(two.broker, 1)];
  expect(a?.id).not.toBe(b?.id);
  expect(a?.token).not.toBe(b?.token);
});

test("a settlement whose answer is cut off is repeated and answered as settled", async () => {
  await using proxy = await redisProxy(testUrl());
  await using s = stage({ countFinished: true }, { url: proxy.url });
  await s.broker.enqueue([newJob()]);
  const claims = await claim(s.broker);
  proxy.mode = "cut";
  const settling = s.broker.settle(claims.map(success));
  await waitFor("the answer is lost", async () => proxy.lost > 0 && (await s.admin.hlen(s.key("token"))) === 0);
  proxy.mode = "pass";
  expect(await settling).toEqual([{ state: "settled" }]);
  expect((await s.broker.counts(["q"])).get("q")?.success).toBe(1);
});

test("after the time that settled tokens are remembered, nothing of the queue remains and the token is foreign", async () => {
  await using s = stage();
  await s.broker.enqueue([newJob()]);
  const settlements = (await claim(s.broker)).map(success);
  await s.broker.settle(settlements);
  expect(await s.broker.settle(settlements)).toEqual([{ state: "settled" }]);
  const [remembered = ""] = await s.admin.keys(s.key("settled:*"));
  const ttl = await s.admin.pttl(remembered);
  expect(ttl).toBeGreaterThan(500_000);
  await s.admin.del(remembered);
  expect(await s.broker.settle(settlements)).toEqual([{ state: "lost" }]);
});
