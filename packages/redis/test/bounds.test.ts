import { expect, test } from "@jest/globals";
import { type Claim, type JobError, maxHistory } from "@tandemq/core";
import { claim, newJob, stage, success } from "./support/stage.js";

const error: JobError = { name: "Error", message: "boom" };

function failure(one: Claim) {
  return { ...success(one), outcome: { status: "failed" as const, error } };
}

test("of failed jobs the last ones are kept, up to the limit", async () => {
  await using s = stage({ keepFailures: 3 });
  const jobs = Array.from({ length: 5 }, () => newJob());
  await s.broker.enqueue(jobs);
  for (const one of await claim(s.broker)) await s.broker.settle([failure(one)]);
  const kept = await s.broker.find({ queue: "q", status: ["failed"] });
  expect(kept.map(({ id }) => id).sort()).toEqual(jobs.slice(2).map(({ id }) => id));
  expect(await s.admin.hlen(s.key("failedBody"))).toBe(3);
});

test("a failed job whose time to be kept is over goes with the next failure", async () => {
  await using s = stage({ keepFailures: true });
  const [first, second] = [newJob(), newJob()];
  await s.broker.enqueue([first, second]);
  const [a, b] = await claim(s.broker);
  if (!a || !b) throw new Error("two jobs are due");
  await s.broker.settle([{ ...failure(a), keep: 0 }]);
  await s.broker.settle([failure(b)]);
  expect(await s.admin.hkeys(s.key("failedBody"))).toEqual([second.id]);
});

test("a claim of large jobs takes as many as its answer can carry, and the rest come next", async () => {
  await using s = stage();
  const params = JSON.stringify({ text: "x".repeat(1_000_000) });
  const jobs = Array.from({ length: 60 }, () => newJob({ params }));
  await s.broker.enqueue(jobs);
  const first = await claim(s.broker, 60);
  expect(first.length).toBeGreaterThan(0);
  expect(first.length).toBeLessThan(40);
  await s.broker.waitForWork(["q"], { timeout: 60_000 });
  const rest = [await claim(s.broker, 60), await claim(s.broker, 60), await claim(s.broker, 60)].flat();
  expect([...first, ...rest].map(({ id }) => id)).toEqual(jobs.map(({ id }) => id));
});

test("calls of any size are cut into bounded ones, and a settlement finds its own answer", async () => {
  await using s = stage({ countFinished: true, keepFailures: true });
  const jobs = Array.from({ length: 2_500 }, () => newJob());
  expect(await s.broker.enqueue(jobs)).toEqual(jobs.map(({ id }) => ({ state: "enqueued", id, created: true })));
  const claims = [...(await claim(s.broker, 2_500)), ...(await claim(s.broker, 2_500))];
  expect(claims.map(({ id }) => id)).toEqual(jobs.map(({ id }) => id));
  const settlements = claims.map((one, i) => (i % 3 === 0 ? failure(one) : success(one)));
  const foreign = settlements.map((one, i) => (i % 7 === 0 ? { ...one, token: one.token.replace("~", "~x") } : one));
  expect(await s.broker.settle(foreign)).toEqual(foreign.map((_, i) => ({ state: i % 7 === 0 ? "lost" : "settled" })));
  expect(await s.broker.settle(settlements)).toEqual(settlements.map(() => ({ state: "settled" })));
  const counted = (await s.broker.counts(["q"])).get("q");
  expect(counted).toMatchObject({ failed: 834, success: 1_666, started: 0 });
});

test("a history keeps its last runs", async () => {
  await using s = stage();
  await s.broker.enqueue([newJob()]);
  for (let run = 0; run < maxHistory + 5; run++) {
    const [one] = await claim(s.broker);
    if (!one) throw new Error("the job is due");
    await s.broker.settle([
      { ...success(one), outcome: run % 2 ? { status: "interrupt" } : { status: "retry", delay: 0 } },
    ]);
  }
  const [job] = await s.broker.find({ queue: "q" });
  expect(job?.history).toHaveLength(maxHistory);
  expect(job?.deliveries).toBe(maxHistory + 5);
});

test("tokens stay apart beyond one key of settled tokens", async () => {
  await using s = stage();
  await s.broker.enqueue([newJob(), newJob()]);
  const [near] = await claim(s.broker, 1);
  const request = { max: 1_000, lease: 30_000, worker: "worker" };
  const others = Array.from({ length: 70 }, (_, i) => s.broker.claim({ ...request, queues: [`none-${i}`] }));
  const [far] = await claim(s.broker, 1);
  await Promise.all(others);
  if (!near || !far) throw new Error("two jobs are due");
  const settlements = [near, far].map(success);
  for (let i = 0; i < 2; i++) {
    expect(await s.broker.settle(settlements)).toEqual([{ state: "settled" }, { state: "settled" }]);
  }
  expect(await s.admin.keys(s.key("settled:*"))).toHaveLength(2);
});
