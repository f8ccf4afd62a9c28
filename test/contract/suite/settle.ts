import { describe, expect, test } from "@jest/globals";
import type { Claim } from "@tandemq/core";
import { failure, giveBack, retry, type Stage, settlement, success } from "../stage.js";

export function settleContract(stage: () => Stage): void {
  describe("settle", () => {
    test("success ends the job", async () => {
      const s = stage();
      const claim = await s.started();
      expect(await s.settle(claim, success)).toBe("settled");
      expect(await s.claim()).toEqual([]);
      const job = await s.job(claim.id);
      if (!s.subject.keepsSuccesses) return expect(job).toBeUndefined();
      expect(job).toMatchObject({ status: "success", attempt: 1, deliveries: 1, result: { sum: 42 } });
      expect(job?.due).toBeUndefined();
      expect(job?.finishedAt?.getTime()).toBeGreaterThanOrEqual(claim.claimedAt);
    });

    test.each(["failed", "timeout", "maxretries", "cancel", "abort", "expired"] as const)(
      "%s ends the job",
      async (status) => {
        const s = stage();
        const error = { name: "SomeError", message: "why", stack: "where", cause: { name: "Root", message: "cause" } };
        const claim = await s.ended({ status, error });
        expect(await s.claim()).toEqual([]);
        const job = await s.job(claim.id);
        if (!s.subject.keepsFailures) return expect(job).toBeUndefined();
        expect(job).toMatchObject({ status, attempt: status === "expired" ? 0 : 1, error });
        expect(job?.due).toBeUndefined();
      },
    );

    test.each([undefined, null, 0, "", [], "text", { deep: [{ er: true }] }])(
      "the result %j comes back as it was",
      async (result) => {
        const s = stage();
        const claim = await s.ended({ status: "success", result });
        const job = await s.job(claim.id);
        if (s.subject.keepsSuccesses) expect(job?.result ?? null).toEqual(result ?? null);
        else expect(job).toBeUndefined();
      },
    );

    test("retry: due after the delay, the attempt counted, the error kept", async () => {
      const s = stage();
      const claim = await s.started();
      await s.settle(claim, { ...retry, delay: 40_000 } as typeof retry);
      const job = await s.job(claim.id);
      expect(job).toMatchObject({ status: "retry", attempt: 1, deliveries: 1, lost: 0 });
      expect(job?.due?.getTime()).toBeGreaterThanOrEqual(claim.claimedAt + 40_000);
      expect(job?.history.at(-1)).toMatchObject({ attempt: 1, status: "retry", error: { message: "again" } });
      expect(await s.claim()).toEqual([]);
    });

    test("retry without delay is due at once", async () => {
      const s = stage();
      const first = await s.ended(retry);
      expect(await s.claimOne()).toMatchObject({ id: first.id, attempt: 2, deliveries: 2 });
    });

    test.each([success, failure, retry, giveBack])(
      "$status asked twice is settled twice, and changes nothing more",
      async (outcome) => {
        const s = stage();
        const claim = await s.ended(outcome);
        const before = await s.job(claim.id);
        expect(await s.settle(claim, outcome)).toBe("settled");
        expect(await s.settle(claim, outcome, s.other)).toBe("settled");
        expect(await s.job(claim.id)).toEqual(before);
        expect(await s.claim()).toHaveLength(outcome === retry || outcome === giveBack ? 1 : 0);
      },
    );

    test("asked at once by two processes after an answer was lost: both are told settled, it happened once", async () => {
      const s = stage();
      await s.enqueueMany(30);
      const claims = await s.claim({ max: 30 });
      // Who has not claimed a job knows what is stored of it: a start that is still to be recorded is not.
      await s.broker.recordProgress?.(claims.map((claim) => ({ ...claim, progress: 0.5 })));
      const batch = claims.map((claim) => settlement(claim, retry));
      const answers = await Promise.all([s.broker.settle(batch), s.other.settle(batch)]);
      expect(answers.flat().every(({ state }) => state === "settled")).toBe(true);
      for (const job of await s.broker.get(claims)) expect(job).toMatchObject({ status: "retry", attempt: 1 });
    });

    test("the same settlement twice in one batch happens once", async () => {
      const s = stage();
      const claim = await s.started();
      const batch = [settlement(claim, retry), settlement(claim, retry)];
      expect(await s.broker.settle(batch)).toEqual([{ state: "settled" }, { state: "settled" }]);
      expect(await s.job(claim.id)).toMatchObject({ status: "retry", attempt: 1 });
    });

    test("of an unknown job, of another token, of a job that is gone: lost", async () => {
      const s = stage();
      const claim = await s.started();
      const gone = await s.started();
      await s.settle(gone, giveBack);
      await s.broker.remove([s.ref(gone.id)]);
      const ghosts = [{ ...claim, id: "ffffffffffffffffffffffff" }, { ...claim, token: "other" }, gone];
      for (const ghost of ghosts) expect(await s.settle(ghost, success)).toBe("lost");
      expect(await s.settle(claim, success)).toBe("settled");
    });

    test("of a lapsed delivery whose job was run by another, requeued and purged: lost, and nothing comes back", async () => {
      const s = stage();
      const first = await s.started();
      await s.lapse(first);
      const [second] = await s.claim();
      expect(second?.id).toBe(first.id);
      await s.settle(second as Claim, failure);
      const kept = s.subject.keepsFailures;
      expect(await s.broker.requeue([s.ref(first.id)])).toEqual([kept ? "done" : "missing"]);
      expect(await s.broker.purge(s.queue)).toBe(kept ? 1 : 0);
      expect(await s.settle(first, success)).toBe("lost");
      expect(await s.settle(first, giveBack)).toBe("lost");
      expect(await s.job(first.id)).toBeUndefined();
    });

    test("of nothing is nothing", async () => {
      expect(await stage().broker.settle([])).toEqual([]);
    });

    test("a final job is final: another outcome under its token changes nothing", async () => {
      const s = stage();
      const claim = await s.ended(failure);
      expect(await s.settle(claim, success)).toBe("settled");
      const job = await s.job(claim.id);
      expect(job?.status).toBe(s.subject.keepsFailures ? "failed" : undefined);
    });

    test("a batch of every outcome, with one that is lost", async () => {
      const s = stage();
      await s.enqueueMany(5);
      const claims = await s.claim();
      const outcomes = [success, failure, retry, giveBack, success];
      const batch = claims.map((claim, i) => settlement(claim, outcomes[i] ?? success));
      batch[4] = { ...batch[4], token: "stolen" } as (typeof batch)[0];
      const answers = await s.broker.settle(batch);
      expect(answers.map(({ state }) => state)).toEqual(["settled", "settled", "settled", "settled", "lost"]);
      await expectCounts(s, { success: 1, failed: 1 }, { retry: 1, interrupt: 1, started: 1 });
    });

    test("keep says how long a finished job is kept", async () => {
      const s = stage();
      const claim = await s.started();
      await s.broker.settle([{ ...settlement(claim, failure), keep: 86_400_000 }]);
      const job = await s.job(claim.id);
      if (!job?.deleteAt || !job.finishedAt) return expect(s.subject.keepsSuccesses).toBe(false);
      const kept = job.deleteAt.getTime() - job.finishedAt.getTime();
      // The two times may come from two stores.
      expect(Math.abs(kept - 86_400_000)).toBeLessThan(60_000);
    });
  });
}

async function expectCounts(s: Stage, finished: Record<string, number>, live: Record<string, number>): Promise<void> {
  const counts = (await s.broker.counts([s.queue])).get(s.queue);
  expect(counts).toMatchObject({ ...live, ...(s.subject.countsFinished ? finished : {}) });
}

/** Claims so many jobs that were enqueued just now. */
export async function claimed(s: Stage, count: number): Promise<readonly Claim[]> {
  await s.enqueueMany(count);
  return s.claim({ max: count });
}
