import { expect, test } from "@jest/globals";
import type { Claim } from "@tandemq/core";
import { claim, newJob, stage } from "./support/stage.js";

test("a job that is moved back while the delivery that sent it away has yet to leave is not lost", async () => {
  await using s = stage();
  const job = newJob();
  const sent = { id: job.id, queue: "other" };
  await s.broker.enqueue([job]);
  const [held] = (await claim(s.broker)) as [Claim];
  const names = await s.admin.keys(s.key("*"));
  const before = await Promise.all(names.map((name) => s.admin.dumpBuffer(name)));
  const retry = { ...held, outcome: { status: "retry" as const, delay: 60_000, queue: "other" } };
  expect(await s.broker.settle([retry])).toEqual([{ state: "settled" }]);
  // As it stood when the job was in the other queue already, and not yet gone from this one.
  await Promise.all(names.map((name, i) => s.admin.restore(name, 0, before[i] as Buffer, "REPLACE")));
  expect(await s.broker.edit([sent], { queue: "q" })).toEqual(["started"]);
  expect(await s.broker.settle([retry])).toEqual([{ state: "settled" }]);
  expect(await s.broker.get([job, sent])).toMatchObject([undefined, { status: "retry" }]);
});
