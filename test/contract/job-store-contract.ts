import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Claim, JobStore, Outcome, SettleAnswer } from "@tandemq/core";
import { newJobId } from "@tandemq/core";
import { unique } from "../support/unique.js";
import { finalJob, newClaim, redelivered, run } from "./job-store-jobs.js";
import { jobStoreMoves } from "./job-store-moves.js";
import { failure, giveBack, retry, settlement, success } from "./stage.js";

/** A store under test, and how to end what it stands on. */
export interface JobStoreHarness {
  readonly store: JobStore;
  close(): Promise<void>;
}

/** Every promise of the `JobStore` port, as tests. */
export function jobStoreContract(name: string, open: () => Promise<JobStoreHarness>): void {
  describe(`the contract of job stores: ${name}`, () => {
    let harness: JobStoreHarness;
    let store: JobStore;
    beforeAll(async () => {
      harness = await open();
      store = harness.store;
      await store.start();
    });
    afterAll(async () => {
      await store.close();
      await harness.close();
    });

    const start = async (claim: Claim) => (await store.recordStarts([claim], "worker-1"))[0];
    const end = async (claim: Claim, outcome: Outcome): Promise<SettleAnswer["state"] | undefined> =>
      (await store.recordOutcomes([settlement(claim, outcome)]))[0]?.state;
    const look = async ({ id }: { id: string }) => (await store.get([id]))[0];

    test("a start makes the document, without a due time", async () => {
      const claim = newClaim({ params: '{"a":{"b":1}}', tags: ["t"], priority: 3 });
      expect(await start(claim)).toBe("started");
      const { id, queue, token } = claim;
      const job = await look(claim);
      expect(job).toMatchObject({
        id,
        queue,
        token,
        status: "started",
        worker: "worker-1",
        params: { a: { b: 1 } },
        tags: ["t"],
        priority: 3,
      });
      expect(job).toMatchObject({ generation: 1, attempt: 0, deliveries: 1, lost: 0 });
      expect(job?.due).toBeUndefined();
      expect(job?.queuedAt.getTime()).toBe(claim.queuedAt);
    });

    test("progress is kept through deliveries, fenced by the token", async () => {
      const claim = newClaim({ meta: { trace: "$t" }, parent: newJobId() });
      await start(claim);
      await store.recordProgress([
        { ...claim, token: "other", progress: 0.1 },
        { ...claim, progress: 0.5 },
      ]);
      await end(claim, retry);
      await start(redelivered(claim, { attempt: 2 }));
      await store.recordProgress([{ ...claim, progress: 0.9 }]);
      expect(await look(claim)).toMatchObject({ progress: 0.5, meta: claim.meta, parent: claim.parent });
    });

    test("an outcome ends it, and can be asked twice", async () => {
      const claim = newClaim();
      await start(claim);
      expect(await end(claim, success)).toBe("settled");
      const job = await look(claim);
      expect(job).toMatchObject({ status: "success", attempt: 1, result: { sum: 42 } });
      expect(await end(claim, success)).toBe("settled");
      expect(await end(claim, failure)).toBe("settled");
      expect(await look(claim)).toEqual(job);
    });

    test.each([retry, giveBack])(
      "$status leaves it waiting, without a due time, until the next delivery",
      async (outcome) => {
        const claim = newClaim();
        await start(claim);
        expect(await end(claim, outcome)).toBe("settled");
        expect(await end(claim, outcome)).toBe("settled");
        const job = await look(claim);
        expect(job).toMatchObject({ status: outcome.status, attempt: outcome === retry ? 1 : 0 });
        expect(job?.due).toBeUndefined();
        const next = redelivered(claim, { attempt: outcome === retry ? 2 : 1 });
        expect(await start(next)).toBe("started");
        expect(await end(claim, success)).toBe("lost");
        expect(await end(next, success)).toBe("settled");
        expect(await look(claim)).toMatchObject({
          status: "success",
          deliveries: 2,
          attempt: outcome === retry ? 2 : 1,
        });
      },
    );

    test("what is over is not started again in the same generation, nor in an earlier one", async () => {
      const claim = newClaim({ generation: 2 });
      await start(claim);
      await end(claim, failure);
      expect(await start(redelivered(claim, {}))).toBe("final");
      expect(await start(redelivered(claim, { generation: 1 }))).toBe("final");
      expect(await look(claim)).toMatchObject({ status: "failed", token: claim.token });
      expect(await end(redelivered(claim, {}), success)).toBe("lost");
    });

    test("an outcome of another token or another generation is lost", async () => {
      const claim = newClaim();
      await start(claim);
      expect(await end({ ...claim, token: "other" }, success)).toBe("lost");
      expect(await end({ ...claim, generation: 2 }, success)).toBe("lost");
      expect(await look(claim)).toMatchObject({ status: "started", token: claim.token });
    });

    test("an outcome makes the document whose start was rolled back, if the delivery is told", async () => {
      const [told, untold] = [newClaim({ params: '{"n":5}', attempt: 2, deliveries: 3, lost: 1 }), newClaim()];
      expect(await end(untold, success)).toBe("lost");
      expect(await look(untold)).toBeUndefined();
      expect(await store.recordOutcomes([settlement(told, failure)], [told])).toEqual([{ state: "settled" }]);
      const { token } = told;
      const seen = { status: "failed", token, params: { n: 5 }, attempt: 2, deliveries: 3, lost: 1 };
      expect(await look(told)).toMatchObject(seen);
      expect(await store.recordOutcomes([settlement(told, failure)], [told])).toEqual([{ state: "settled" }]);
      const other = redelivered(told, {});
      expect(await store.recordOutcomes([settlement(other, success)], [other])).toEqual([{ state: "lost" }]);
      expect(await look(told)).toMatchObject(seen);
    });

    test("a delivery that is over before its start was recorded makes its document whole", async () => {
      const claims = [newClaim({ params: '{"a":{"b":1}}', tags: ["t"] }), newClaim()] as const;
      const runs = claims.map((claim, i) => run(claim, i === 0 ? success : failure));
      expect(await store.recordRuns(runs)).toEqual([{ state: "settled" }, { state: "settled" }]);
      const whole = { generation: 1, attempt: 1, deliveries: 1, lost: 0, worker: "worker-1" };
      const [first, second] = await Promise.all(claims.map(look));
      expect(first).toMatchObject({ ...whole, status: "success", params: { a: { b: 1 } }, tags: ["t"] });
      expect(first).toMatchObject({ result: { sum: 42 }, token: claims[0].token });
      expect(second).toMatchObject({ ...whole, status: "failed", error: { message: expect.any(String) } });
      for (const job of [first, second]) {
        expect(job?.startedAt?.getTime()).toBe(claims[job === first ? 0 : 1].claimedAt);
        expect(job?.due).toBeUndefined();
        expect(job?.deleteAt?.getTime()).toBeGreaterThan(job?.finishedAt?.getTime() ?? Number.NaN);
      }
      expect(await store.recordRuns(runs)).toEqual([{ state: "settled" }, { state: "settled" }]);
      expect(await Promise.all(claims.map(look))).toEqual([first, second]);
    });

    test("of whole documents those that are there decide, each for itself", async () => {
      const claims = Array.from({ length: 5 }, () => newClaim()) as [Claim, Claim, Claim, Claim, Claim];
      const [begun, others, over, later, fresh] = claims;
      await store.recordStarts([begun, redelivered(others, {}), over, { ...later, generation: 2 }], "worker-1");
      await end(over, failure);
      const answers = await store.recordRuns(claims.map((claim) => run(claim, success)));
      expect(answers.map(({ state }) => state)).toEqual(["settled", "lost", "settled", "lost", "settled"]);
      const statuses = await Promise.all(claims.map(async (claim) => (await look(claim))?.status));
      expect(statuses).toEqual(["success", "started", "failed", "started", "success"]);
      expect(await start(fresh)).toBe("final");
      expect(await store.recordRuns([])).toEqual([]);
    });

    test("a requeue begins the next generation, once", async () => {
      const claim = newClaim();
      await start(claim);
      await end(claim, failure);
      await store.recordRequeue([{ id: claim.id, generation: 2 }]);
      await store.recordRequeue([{ id: claim.id, generation: 2 }]);
      const job = await look(claim);
      expect(job).toMatchObject({ status: "queued", generation: 2, attempt: 0, deliveries: 0, lost: 0 });
      expect(job?.due ?? job?.finishedAt ?? job?.deleteAt).toBeUndefined();
      expect(await end(claim, success)).toBe("lost");
      const next = redelivered(claim, { generation: 2, deliveries: 1 });
      expect(await start(next)).toBe("started");
      expect(await end(next, success)).toBe("settled");
      await store.recordRequeue([{ id: claim.id, generation: 2 }]);
      expect(await look(claim)).toMatchObject({ status: "success", generation: 2 });
    });

    test("whole documents are written unless the job is already over", async () => {
      const job = finalJob({ status: "cancel" });
      await store.record([job]);
      expect(await look(job)).toMatchObject({ status: "cancel", params: { n: 1 } });
      await store.record([{ ...job, status: "expired" }]);
      expect(await look(job)).toMatchObject({ status: "cancel" });
      await store.record([{ ...job, status: "expired", generation: 2 }]);
      expect(await look(job)).toMatchObject({ status: "expired", generation: 2 });
    });

    test("a whole document does not overwrite a delivery that its writer has not seen", async () => {
      const claim = newClaim();
      await start(claim);
      const { id, queue, token } = claim;
      await store.record([finalJob({ id, queue, status: "cancel" })]);
      expect(await look(claim)).toMatchObject({ status: "started", token });
      await store.record([finalJob({ id, queue, token, status: "expired" })]);
      expect(await look(claim)).toMatchObject({ status: "expired" });
    });

    jobStoreMoves(() => store);

    test("remove deletes what is over, and only that", async () => {
      const [held, over] = [newClaim(), newClaim()];
      await store.recordStarts([held, over], "worker-1");
      await end(over, success);
      expect(await store.remove([held.id, over.id, newJobId()])).toEqual(["started", "done", "missing"]);
      expect((await store.get([held.id, over.id])).map((job) => job?.status)).toEqual(["started", undefined]);
    });

    test("removeEarlier deletes what an earlier life has left, and nothing of this one or a later one", async () => {
      const [earlier, same, later, running] = [newJobId(), newJobId(), newJobId(), newClaim({ generation: 1 })];
      const generations = [
        [earlier, 1],
        [same, 2],
        [later, 3],
      ] as const;
      await store.record(generations.map(([id, generation]) => finalJob({ id, generation, status: "failed" })));
      await start(running);
      const ids = [earlier, same, later, running.id, newJobId()];
      await store.removeEarlier(ids.map((id) => ({ id, generation: 2 })));
      const left = await store.get(ids);
      expect(left.map((job) => job?.status)).toEqual([undefined, "failed", "failed", "started", undefined]);
    });

    test("find and counts see the documents of a queue", async () => {
      const queue = unique("queue");
      const claims = [newClaim({ queue }), newClaim({ queue, path: "other" }), newClaim({ queue })];
      await store.recordStarts(claims, "worker-1");
      await end(claims[2] as Claim, failure);
      const found = async (filter: object) => (await store.find({ queue, ...filter })).map(({ id }) => id).sort();
      expect(await found({})).toEqual(claims.map(({ id }) => id).sort());
      expect(await found({ status: ["failed"] })).toEqual([claims[2]?.id]);
      expect(await found({ path: "other" })).toEqual([claims[1]?.id]);
      expect(await store.find({ queue, limit: 2 })).toHaveLength(2);
      expect((await store.counts([queue])).get(queue)).toMatchObject({ started: 2, failed: 1 });
    });

    test("a batch answers each in its place", async () => {
      const claims = Array.from({ length: 30 }, () => newClaim());
      const [first, second] = claims as [Claim, Claim];
      await start(first);
      await end(first, success);
      expect(await store.recordStarts(claims, "worker-1")).toEqual(["final", ...Array(29).fill("started")]);
      const batch = claims.map((claim) => settlement(claim, success));
      batch[1] = settlement({ ...second, token: "other" }, success);
      const states = (await store.recordOutcomes(batch)).map(({ state }) => state);
      expect(states).toEqual(["settled", "lost", ...Array(28).fill("settled")]);
      expect(await store.recordStarts([], "w")).toEqual([]);
      expect(await store.recordOutcomes([])).toEqual([]);
    });
  });
}
