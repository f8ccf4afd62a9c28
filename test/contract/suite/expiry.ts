import { describe, expect, test } from "@jest/globals";
import type { Claim } from "@tandemq/core";
import { inTime } from "../../support/patience.js";
import { giveBack, hour, idsOf, type Stage, success } from "../stage.js";

const past = { startBy: { at: 1000 } };

export function expiryContract(stage: () => Stage): void {
  const statusOf = async (s: Stage, id: string) => {
    const count = (await s.broker.counts([s.queue])).get(s.queue)?.expired;
    return { job: await s.job(id), count };
  };

  describe("startBy", () => {
    test("a job that has missed it never runs, ends as expired, and those behind it go on", async () => {
      const s = stage();
      const late = await s.enqueue(past);
      const ids = [await s.enqueue(), await s.enqueue({ startBy: { after: hour } })];
      expect(idsOf(await s.claim())).toEqual(ids);
      expect(await s.claim()).toEqual([]);
      const { job, count } = await statusOf(s, late);
      if (s.subject.keepsFailures) expect(job).toMatchObject({ status: "expired", attempt: 0 });
      if (s.subject.keepsFailures) expect(job).toMatchObject({ error: { name: "JobExpiredError", code: "EXPIRED" } });
      if (s.subject.keepsFailures) expect(job?.startedAt).toBeUndefined();
      if (!s.subject.keepsFailures) expect(job).toBeUndefined();
      if (s.subject.countsFinished) expect(count).toBe(1);
    });

    test.each([
      ["without limits", {}],
      ["with limits", { admit: async (claims: readonly Claim[]) => claims.map(() => 0) }],
    ])("the claim tells of those that it ended, %s", async (_, more) => {
      const s = stage();
      const late = await s.enqueue(past);
      const id = await s.enqueue();
      const request = { queues: [s.queue], max: 10, lease: hour, worker: "w", ...more };
      const { claims, ended } = await s.broker.claim(request);
      expect(idsOf(claims)).toEqual([id]);
      expect(ended).toMatchObject([{ claim: { id: late, path: claims[0]?.path }, outcome: { status: "expired" } }]);
      expect((await s.broker.claim(request)).ended ?? []).toEqual([]);
    });

    test.each([
      ["without limits", {}],
      ["with limits", { admit: async (claims: readonly Claim[]) => claims.map(() => 0) }],
    ])("the claim tells that there may be more behind many that it ended, %s", async (_, more) => {
      const s = stage();
      for (let i = 0; i < 12; i++) await s.enqueue(past);
      const id = await s.enqueue();
      const request = { queues: [s.queue], max: 1, lease: hour, worker: "w", ...more };
      const first = await s.broker.claim(request);
      expect(first).toMatchObject({ claims: [], more: true });
      expect(first.ended?.length).toBeGreaterThan(0);
      expect(idsOf((await s.broker.claim(request)).claims)).toEqual([id]);
    });

    test("is shown while the job waits", async () => {
      const s = stage();
      const at = Date.now() + hour;
      const [fixed, relative] = [await s.enqueue({ startBy: { at } }), await s.enqueue({ startBy: { after: hour } })];
      expect((await s.job(fixed))?.startBy?.getTime()).toBe(at);
      const job = await s.job(relative);
      expect((job?.startBy?.getTime() ?? 0) - (job?.queuedAt.getTime() ?? 0)).toBe(hour);
    });

    test("once a run has begun in time, the job may run again whenever", () =>
      inTime(200, async (after, passed) => {
        const s = stage();
        const id = await s.enqueue({ startBy: { after } });
        const claim = await s.claimOne();
        passed();
        await s.clockPasses((await s.job(id))?.startBy);
        await s.settle(claim, giveBack);
        expect(await s.claim()).toMatchObject([{ id, deliveries: 2 }]);
      }));

    test("a delivery that did not run is no begin: the job expires", () =>
      inTime(200, async (after, passed) => {
        const s = stage();
        const id = await s.enqueue({ startBy: { after } });
        const claim = await s.claimOne();
        passed();
        const { startBy } = (await s.job(id)) ?? {};
        await s.settle(claim, { status: "interrupt", limited: true });
        await s.clockPasses(startBy);
        expect(await s.claim()).toEqual([]);
        if (s.subject.keepsFailures) expect((await s.job(id))?.status).toBe("expired");
      }));

    test("limits are asked of a job that had begun in time and was given back, not of one that expires", () =>
      inTime(200, async (after, passed) => {
        const s = stage();
        const ids = [await s.enqueue({ startBy: { after } }), await s.enqueue({ startBy: { after } })];
        const [begun, waiting] = (await s.claim()) as [Claim, Claim];
        passed();
        const { startBy } = (await s.job(waiting.id)) ?? {};
        await s.clockPasses((await s.job(begun.id))?.startBy);
        await s.settle(begun, giveBack);
        await s.settle(waiting, { status: "interrupt", limited: true });
        await s.clockPasses(startBy);
        const asked: string[] = [];
        const admit = async (claims: readonly Claim[]) => {
          asked.push(...idsOf(claims));
          return claims.map(() => 0);
        };
        const request = { queues: [s.queue], max: 10, lease: hour, worker: "w", admit };
        expect(idsOf((await s.broker.claim(request)).claims)).toEqual(ids.slice(0, 1));
        expect(asked).toEqual(ids.slice(0, 1));
      }));

    test("a delayed job is found expired when it comes due", async () => {
      const s = stage();
      const id = await s.enqueue({ due: { after: 30 }, startBy: { after: 10 } });
      await s.clockPasses((await s.job(id))?.due);
      expect(await s.claim()).toEqual([]);
      expect((await s.broker.counts([s.queue])).get(s.queue)?.queued).toBe(0);
    });

    test("many of them do not hide what is behind", async () => {
      const s = stage();
      await s.enqueueMany(50, past);
      const id = await s.enqueue();
      const found: string[] = [];
      for (let i = 0; i < 20 && found.length === 0; i++) {
        if (i > 0) await s.broker.waitForWork([s.queue], { timeout: 5000 });
        found.push(...idsOf(await s.claim({ max: 5 })));
      }
      expect(found).toEqual([id]);
    });

    test("its key is free, and requeued it has no startBy", async () => {
      const s = stage();
      const id = await s.enqueue({ ...past, key: { value: "k", until: "finish" } });
      expect(await s.claim()).toEqual([]);
      const job = s.newJob({ key: { value: "k", until: "finish" } });
      expect(await s.broker.enqueue([job])).toEqual([{ state: "enqueued", id: job.id, created: true }]);
      if (!s.subject.keepsFailures) return;
      expect(await s.broker.requeue([s.ref(id)])).toEqual(["keyTaken"]);
      const owner = await s.claimOne();
      expect(owner.id).toBe(job.id);
      await s.settle(owner, success);
      expect(await s.broker.requeue([s.ref(id)])).toEqual(["done"]);
      expect(idsOf(await s.claim())).toEqual([id]);
    });
  });
}
