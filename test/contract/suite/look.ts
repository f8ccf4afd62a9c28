import { describe, expect, test } from "@jest/globals";
import { statuses } from "@tandemq/core";
import { failure, giveBack, hour, idsOf, retry, type Stage, success } from "../stage.js";

export function lookContract(stage: () => Stage): void {
  describe("look", () => {
    test("counts name every queue that was asked and every status", async () => {
      const s = stage();
      const empty = `${s.queue}-empty`;
      for (const outcome of [success, success, failure]) await s.ended(outcome);
      await s.ended({ ...retry, delay: hour } as typeof retry);
      await s.ended(giveBack);
      await s.claimOne();
      await s.enqueueMany(2, { due: { after: hour } });
      const counts = await s.broker.counts([s.queue, empty]);
      const zero = Object.fromEntries(statuses.map((status) => [status, 0]));
      const finished = s.subject.countsFinished ? { success: 2, failed: 1 } : {};
      expect(counts.get(empty)).toEqual(zero);
      expect(counts.get(s.queue)).toEqual({ ...zero, queued: 2, started: 1, retry: 1, ...finished });
      expect((await s.broker.counts([])).size).toBe(0);
    });

    test("get answers in the order of the question, `undefined` for what is not there", async () => {
      const s = stage();
      const [a, b] = [await s.enqueue(), await s.enqueue()];
      const jobs = await s.broker.get([s.ref(b), s.ref("ffffffffffffffffffffffff"), s.ref(a)]);
      expect(jobs.map((job) => job?.id)).toEqual([b, undefined, a]);
      expect(await s.broker.get([])).toEqual([]);
    });

    test("find filters by queue, status, path and id", async () => {
      const s = stage();
      const [a, b] = [await s.enqueue({ path: "one" }), await s.enqueue({ path: "two" })];
      const c = (await s.claim({ max: 1 }))[0]?.id;
      const found = async (filter: object) => idsOf(await s.broker.find({ queue: s.queue, ...filter })).sort();
      expect(await found({})).toEqual([a, b].sort());
      expect(await found({ status: ["started"] })).toEqual([c]);
      expect(await found({ status: ["queued", "started"] })).toEqual([a, b].sort());
      expect(await found({ path: "two" })).toEqual([b]);
      expect(await found({ ids: [a, "ffffffffffffffffffffffff"] })).toEqual([a]);
      expect(await found({ status: ["failed"] })).toEqual([]);
    });

    test("find filters by parent, and by several", async () => {
      const s = stage();
      const parents = ["a", "b", "c"].map((digit) => digit.repeat(24));
      const [a, b] = [await s.enqueue({ parent: parents[0] }), await s.enqueue({ parent: parents[1] })];
      await s.enqueue({ parent: parents[2] });
      await s.enqueue();
      const found = async (parent: string | string[]) => idsOf(await s.broker.find({ queue: s.queue, parent })).sort();
      expect(await found(parents[0] as string)).toEqual([a]);
      expect(await found(parents.slice(0, 2))).toEqual([a, b].sort());
      expect(await found([])).toEqual([]);
    });

    test("find gives the newest first and no more than the limit", async () => {
      const s = stage();
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) {
        const id = await s.enqueue();
        ids.unshift(id);
        await s.clockPasses((await s.job(id))?.queuedAt);
      }
      expect(idsOf(await s.broker.find({ queue: s.queue, limit: 3 }))).toEqual(ids.slice(0, 3));
      expect(idsOf(await s.broker.find({ queue: s.queue }))).toEqual(ids);
    });

    test("of jobs that were queued in one moment find gives the highest id first, whatever their status", async () => {
      const s = stage();
      const newest = (await s.enqueueMany(12)).reverse();
      expect(idsOf(await s.broker.find({ queue: s.queue, path: "test.task" }))).toEqual(newest);
      const started = new Set(idsOf(await s.claim({ max: 6 })));
      const found = idsOf(await s.broker.find({ queue: s.queue, status: ["queued", "started"] }));
      expect(found).toEqual(newest);
      expect(idsOf(await s.broker.find({ queue: s.queue, status: ["started"], limit: 3 }))).toHaveLength(3);
      expect(idsOf(await s.broker.find({ queue: s.queue, status: ["started"] }))).toEqual(
        newest.filter((id) => started.has(id)),
      );
    });
  });
}
