import { expect, test } from "@jest/globals";
import { inTime } from "../../../test/support/patience.js";
import { waitFor } from "../../../test/support/wait-for.js";
import { claim, newJob, stage, success, testUrl } from "./support/stage.js";

const refs = (jobs: readonly { id: string; queue: string }[]) => jobs.map(({ id, queue }) => ({ id, queue }));

test("what is held is claimed by nobody, held by nobody else, and ended by its token", async () => {
  await using s = stage();
  const [held, running, free] = [newJob(), newJob(), newJob()];
  await s.broker.enqueue([running]);
  const [run] = await claim(s.broker);
  await s.broker.enqueue([held]);
  const [answer, ...others] = await s.broker.hold(refs([held, running, newJob()]));
  expect(others).toEqual(["started", "missing"]);
  expect(await s.broker.hold(refs([held]))).toEqual(["held"]);
  await s.broker.enqueue([free]);
  expect((await claim(s.broker)).map(({ id }) => id)).toEqual([free.id]);
  if (typeof answer !== "object" || !run) throw new Error("it is held");
  expect(await s.broker.settle([success({ ...run, ...held, ...answer })])).toEqual([{ state: "settled" }]);
  expect(await s.broker.get([held])).toEqual([undefined]);
});

test("an abandoned hold lapses: the job is in its own place, no loss is counted, and its claim says that it was held", async () => {
  await inTime(200, async (deadline) => {
    await using s = stage({}, { url: testUrl(), deadline });
    const [first, second] = [newJob(), newJob()];
    await s.broker.enqueue([first, second]);
    await s.broker.hold(refs([first]));
    await waitFor("the hold is over", async () => (await s.broker.get([first]))[0]?.lapsed);
    const claims = await claim(s.broker);
    expect(claims.map(({ id, seen, deliveries, lost }) => ({ id, seen, deliveries, lost }))).toEqual([
      { id: first.id, seen: true, deliveries: 1, lost: 0 },
      { id: second.id, seen: undefined, deliveries: 1, lost: 0 },
    ]);
  });
});

test("a job that was enqueued as seen says so to its claimers", async () => {
  await using s = stage();
  await s.broker.enqueue([newJob({ seen: true }), newJob()]);
  expect((await claim(s.broker)).map(({ seen }) => seen)).toEqual([true, undefined]);
});
