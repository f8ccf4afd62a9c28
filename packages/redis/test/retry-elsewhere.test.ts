import { expect, test } from "@jest/globals";
import type { Claim } from "@tandemq/core";
import { claim, newJob, type Stage, stage } from "./support/stage.js";

test("a job that is moved back while the delivery that sent it away has yet to leave is not lost", async () => {
  await using s = stage();
  const { id, sent, first, away, there } = await started(s);
  expect(await s.broker.settle([away])).toEqual([{ state: "settled" }]);
  await restore(s, there);
  expect(await s.broker.edit([sent], { queue: "q" })).toEqual(["started"]);
  expect(await s.broker.settle([away])).toEqual([{ state: "settled" }]);
  expect(await s.broker.get([first, sent])).toMatchObject([undefined, { id, status: "retry" }]);
});

test("a job that is sent back while the delivery that sent it away has yet to leave is retried where it is", async () => {
  await using s = stage();
  const { id, sent, first, away, there } = await started(s);
  expect(await s.broker.settle([away])).toEqual([{ state: "settled" }]);
  const { claims } = await s.broker.claim({ queues: ["other"], max: 1, lease: 30_000, worker: "worker" });
  const back = retried(claims[0] as Claim, "q");
  await restore(s, there);
  expect(await s.broker.settle([back])).toEqual([{ state: "settled" }]);
  expect(await s.broker.settle([away])).toEqual([{ state: "settled" }]);
  expect(await s.broker.settle([back])).toEqual([{ state: "settled" }]);
  expect(await s.broker.get([first, sent])).toMatchObject([undefined, { id, status: "retry", deliveries: 2 }]);
});

/** A job that runs in `q` and is about to be sent into another queue, and how it stands there. */
async function started(s: Stage) {
  const { id } = newJob();
  await s.broker.enqueue([newJob({ id })]);
  const [first] = (await claim(s.broker)) as [Claim];
  const away = retried(first, "other");
  return { id, sent: { id, queue: "other" }, first, away, there: await dump(s) };
}

function retried(held: Claim, queue: string) {
  return { ...held, outcome: { status: "retry" as const, delay: 0, queue } };
}

async function dump(s: Stage): Promise<readonly (readonly [string, Buffer])[]> {
  const names = await s.admin.keys(s.key("*"));
  return Promise.all(names.map(async (name) => [name, await s.admin.dumpBuffer(name)] as const));
}

/** As it stood when the job was in the other queue already, and not yet gone from this one. */
async function restore(s: Stage, keys: Awaited<ReturnType<typeof dump>>): Promise<void> {
  await Promise.all(keys.map(([name, value]) => s.admin.restore(name, 0, value, "REPLACE")));
}
