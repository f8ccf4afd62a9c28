import { expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { claim, newJob, stage, success, testUrl } from "./support/stage.js";
import { waitFor } from "../../../test/support/wait-for.js";

async function listener(channel: string) {
  const redis = new Redis(testUrl());
  const messages: string[] = [];
  redis.on("message", (_: string, message: string) => messages.push(message));
  await redis.subscribe(channel);
  return { messages, [Symbol.dispose]: () => redis.disconnect() };
}

test("one message wakes the claimers of an idle queue, however many jobs follow", async () => {
  await using s = stage();
  using heard = await listener(`${s.prefix}:wake`);
  await s.broker.enqueue([newJob()]);
  expect(await claim(s.broker)).toHaveLength(1);
  for (let i = 0; i < 20; i++) await s.broker.enqueue([newJob()]);
  await s.admin.publish(`${s.prefix}:wake`, "end");
  await waitFor("the last message", async () => heard.messages.includes("end"));
  expect(heard.messages).toEqual(["q", "end"]);
});

test("a delayed job that is the first to come due tells those who wait when", async () => {
  await using s = stage();
  await using other = stage({}, { url: testUrl(), prefix: s.prefix });
  expect(await claim(s.broker)).toEqual([]);
  await waitFor("it listens", async () => (await s.admin.pubsub("NUMSUB", `${s.prefix}:wake`))[1] === 1);
  const waits = (async () => {
    for (;;) {
      await s.broker.waitForWork(["q"], { timeout: 60_000 });
      const claims = await claim(s.broker);
      if (claims.length > 0) return claims;
    }
  })();
  const start = performance.now();
  await other.broker.enqueue([newJob({ due: { after: 200 } })]);
  expect(await waits).toHaveLength(1);
  expect(performance.now() - start).toBeLessThan(60_000);
});

test("a claim on very many queues asks again only those that may have work", async () => {
  await using s = stage();
  const queues = Array.from({ length: 200 }, (_, i) => `idle-${i}`);
  const all = () => s.broker.claim({ queues, max: 10, lease: 30_000, worker: "worker" });
  await waitFor("it listens", async () => {
    await all();
    return (await s.admin.pubsub("NUMSUB", `${s.prefix}:wake`))[1] === 1;
  });
  await waitFor("what the subscription woke is asked", async () => {
    await all();
    const before = await s.admin.exists(...queues.map((queue) => `${s.prefix}:{${queue}}:idle`));
    await Promise.all(queues.map((queue) => s.admin.del(`${s.prefix}:{${queue}}:idle`)));
    await all();
    const after = await s.admin.exists(...queues.map((queue) => `${s.prefix}:{${queue}}:idle`));
    return before === 200 && after < 200;
  });
  await s.broker.enqueue([newJob({ queue: "idle-77" })]);
  expect((await all()).claims.map(({ queue }) => queue)).toEqual(["idle-77"]);
});

test("free places are shared between queues, and what one leaves free the others get", async () => {
  await using s = stage();
  const jobs = "aaaaaaaaabbc".split("").map((queue) => newJob({ queue }));
  await s.broker.enqueue(jobs);
  const { claims } = await s.broker.claim({ queues: ["a", "b", "c"], max: 9, lease: 30_000, worker: "worker" });
  const count = (queue: string) => claims.filter((one) => one.queue === queue).length;
  expect([count("a"), count("b"), count("c")]).toEqual([6, 2, 1]);
});

test("every queue has its turn when there are fewer places than queues", async () => {
  await using s = stage();
  const queues = ["a", "b", "c", "d"];
  await s.broker.enqueue(queues.flatMap((queue) => Array.from({ length: 5 }, () => newJob({ queue }))));
  const served: string[] = [];
  for (let i = 0; i < 8; i++) {
    const { claims } = await s.broker.claim({ queues, max: 1, lease: 30_000, worker: "worker" });
    served.push(...claims.map(({ queue }) => queue));
  }
  expect(served.slice(0, 4).sort()).toEqual(queues);
  expect(served.slice(4).sort()).toEqual(queues);
});

test("a worker of many empty queues rests, also when it was woken while it claimed", async () => {
  await using s = stage();
  const queues = Array.from({ length: 30 }, (_, i) => `q${i}`);
  const look = { queues, max: 10, lease: 30_000, worker: "worker" };
  let rounds = 0;
  const until = performance.now() + 1_000;
  while (performance.now() < until) {
    if (rounds === 20) await s.admin.publish(`${s.prefix}:wake`, queues.join("\n"));
    await s.broker.claim(look);
    rounds++;
    await s.broker.waitForWork(queues, { timeout: 50 });
  }
  expect(rounds).toBeLessThan(100);
});

test("a job of a queue that was woken during a claim which found it empty is claimed at once", async () => {
  await using s = stage();
  const queues = Array.from({ length: 30 }, (_, i) => `q${i}`);
  const look = () => s.broker.claim({ queues, max: 10, lease: 30_000, worker: "worker" });
  await look();
  await waitFor("it listens", async () => (await s.admin.pubsub("NUMSUB", `${s.prefix}:wake`))[1] === 1);
  for (let i = 0; i < 50; i++) {
    const empty = look();
    await using other = stage({}, { url: testUrl(), prefix: s.prefix });
    await other.broker.enqueue([newJob({ queue: "q7" })]);
    let claims = (await empty).claims;
    const start = performance.now();
    while (claims.length === 0) {
      await s.broker.waitForWork(queues, { timeout: 60_000 });
      ({ claims } = await look());
    }
    expect(performance.now() - start).toBeLessThan(60_000);
    await s.broker.settle(claims.map(success));
  }
});
