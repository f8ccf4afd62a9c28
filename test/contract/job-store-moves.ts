import { expect, test } from "@jest/globals";
import {
  type Claim,
  type DepartAnswer,
  type Departure,
  isDeparture,
  type Job,
  type JobStore,
  type Outcome,
  newJobId,
} from "@tandemq/core";
import { finalJob, newClaim, redelivered } from "./job-store-jobs.js";
import { failure, retry, settlement, success } from "./stage.js";

/** What a store promises of jobs that come from elsewhere, and go there. */
export function jobStoreMoves(store: () => JobStore): void {
  const start = async (claim: Claim) => (await store().recordStarts([claim], "worker-1"))[0];
  const end = async (claim: Claim, outcome: Outcome) =>
    (await store().recordOutcomes([settlement(claim, outcome)]))[0]?.state;
  const look = async ({ id }: { id: string }) => (await store().get([id]))[0];

  test("a waiting job from elsewhere has its document, unless one of its life is there", async () => {
    const history = [{ attempt: 1, status: "retry" as const, finishedAt: new Date(1000), worker: "w" }];
    const job = { ...finalJob({ status: "retry", attempt: 1, deliveries: 1, history }), due: new Date() };
    await store().recordWaiting([job]);
    expect(await look(job)).toMatchObject({ status: "retry", attempt: 1, deliveries: 1, history });
    expect((await look(job))?.due).toBeUndefined();
    await store().recordWaiting([{ ...job, attempt: 5 }]);
    expect(await look(job)).toMatchObject({ attempt: 1 });
    const claim = newClaim({ id: job.id, queue: job.queue, deliveries: 2, attempt: 2 });
    expect(await start(claim)).toBe("started");
    await store().recordWaiting([job]);
    expect(await end(claim, success)).toBe("settled");
    expect(await look(job)).toMatchObject({ status: "success", attempt: 2, history });
    await store().recordWaiting([{ ...job, generation: 2 }]);
    expect(await look(job)).toMatchObject({ status: "retry", generation: 2 });
  });

  test("a waiting job that goes elsewhere starts no more in this life", async () => {
    const [waiting, started, later] = [newClaim(), newClaim(), newClaim()] as const;
    for (const claim of [waiting, started, later]) await start(claim);
    await end(waiting, retry);
    await end(later, retry);
    const jobs = await Promise.all([waiting, started, { ...later }].map(async (one) => (await look(one)) as Job));
    const unknown = finalJob({ status: "queued" });
    const asked = [...jobs.slice(0, 2), { ...(jobs[2] as Job), generation: 2 }, unknown];
    expect((await store().withdraw(asked)).map((answer) => answer === "done")).toEqual([true, false, false, false]);
    expect((await store().withdraw([unknown]))[0]).toBe("missing");
    expect(await start(redelivered(waiting, {}))).toBe("final");
    expect(await start(redelivered(later, {}))).toBe("started");
    expect(await end(started, success)).toBe("settled");
    await store().recordWaiting([{ ...(jobs[0] as Job), attempt: 7 }]);
    expect(await look(waiting)).toMatchObject({ attempt: 7, generation: 1 });
    await store().forget([waiting.id, started.id]);
    expect(await look(waiting)).toBeDefined();
    expect(await store().withdraw([jobs[0] as Job])).toEqual(["done"]);
    await store().forget([waiting.id, started.id]);
    expect([await look(waiting), (await look(started))?.status]).toEqual([undefined, "success"]);
    expect(await store().isElsewhere([waiting.id, started.id])).toEqual([false, false]);
  });

  const departed = (answers: readonly DepartAnswer[]): Departure[] => answers.filter(isDeparture);

  test("a dead job departs for one mover at a time, and leaves as it departed", async () => {
    const [over, held] = [newClaim(), newClaim()];
    for (const claim of [over, held]) await start(claim);
    await end(over, failure);
    const elsewhere = { ...over, queue: `${over.queue}-2` };
    const answers = await store().depart([held, { ...held, id: newJobId() }, elsewhere]);
    expect(answers).toEqual(["started", "missing", "missing"]);
    const first = departed(await store().depart([over]));
    expect(first).toMatchObject([{ job: { id: over.id, status: "failed", generation: 1 } }]);
    expect(await store().depart([over])).toEqual(["started"]);
    await store().stay(first);
    const second = departed(await store().depart([over]));
    expect(await store().leave(first)).toEqual(["final"]);
    expect((await look(over))?.status).toBe("failed");
    expect(await store().leave(second)).toEqual(["done"]);
    expect(await look(over)).toBeUndefined();
    expect(await end(held, success)).toBe("settled");
  });

  test("a dead job that lives again by then does not leave", async () => {
    const [requeued, started] = [newClaim(), newClaim()];
    for (const claim of [requeued, started]) await start(claim);
    for (const claim of [requeued, started]) await end(claim, failure);
    const departures = departed(await store().depart([requeued, started]));
    await store().recordRequeue([{ id: requeued.id, generation: 2 }]);
    const next = redelivered(started, { generation: 2, deliveries: 1 });
    expect(await start(next)).toBe("started");
    expect((await store().leave(departures)).includes("done")).toBe(false);
    await end(next, failure);
    expect(await store().leave(departures)).toEqual(["waiting", "final"]);
    expect((await look(started))?.generation).toBe(2);
  });
}
