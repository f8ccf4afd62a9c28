import { describe, expect, test } from "@jest/globals";
import { giveBack, hour, idsOf, type Stage } from "../stage.js";

export function lifoContract(stage: (shape: string) => Stage): void {
  describe("a LIFO queue", () => {
    test("hands out the last job of a priority first", async () => {
      const s = stage("lifo");
      const [a, b] = [await s.enqueue(), await s.enqueue()];
      const [c, d] = await s.enqueueMany(2);
      const urgent = await s.enqueue({ priority: 1 });
      const e = await s.enqueue();
      expect(idsOf(await s.broker.find({ queue: s.queue, order: "head", limit: 2 }))).toEqual([urgent, e]);
      expect(idsOf(await s.claim({ max: 2 }))).toEqual([urgent, e]);
      expect(idsOf(await s.claim())).toEqual([d, c, b, a]);
    });

    test("one by one, too, and a job that is put off comes by its time", async () => {
      const s = stage("lifo");
      const [a, b] = [await s.enqueue(), await s.enqueue({ due: { after: hour } })];
      const c = await s.enqueue();
      expect([(await s.claimOne()).id, (await s.claimOne()).id]).toEqual([c, a]);
      await s.broker.edit([s.ref(b)], { due: { after: 0 } });
      await s.clockPasses((await s.job(b))?.due);
      const d = await s.enqueue();
      expect(idsOf(await s.claim())).toEqual([d, b]);
    });

    test("takes no job of a queue that is ordered otherwise", async () => {
      const s = stage("lifo");
      const [queue, same] = [`other-${s.queue}`, `${s.queue}-2`];
      const [id, own] = [await s.enqueue({ queue }), await s.enqueue()];
      await expect(s.broker.edit([{ id, queue }], { queue: s.queue })).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
      await expect(s.broker.edit([s.ref(own)], { queue })).rejects.toThrow(/cannot be moved .*lifo.*fifo/);
      expect(await s.broker.edit([s.ref(own)], { queue: same })).toEqual(["done"]);
      const later = await s.enqueue({ queue: same });
      expect(idsOf(await s.claim({ queues: [same] }))).toEqual([later, own]);
      expect(idsOf(await s.claim({ queues: [queue, s.queue] }))).toEqual([id]);
    });

    test.each([2, 8])("beside others, %i at a time: each gives its share, and none before its turn", async (max) => {
      const s = stage("lifo");
      const [a, b] = [`${s.queue}/a`, `${s.queue}/b`];
      const older = await s.enqueueMany(20, { queue: a });
      const newer = await s.enqueueMany(20, { queue: b });
      const shared = idsOf(await s.claim({ queues: [a, b], max }));
      expect(shared.filter((id) => older.includes(id))).toHaveLength(max / 2);
      expect(shared.filter((id) => newer.includes(id))).toHaveLength(max / 2);
      const ordered = idsOf(await s.claim({ queues: [a, b], max, inOrder: true }));
      expect(ordered).toEqual(older.slice(20 - max - max / 2, 20 - max / 2).reverse());
    });

    test("a job that is given back is first, then the last that came", async () => {
      const s = stage("lifo");
      const [a, b] = [await s.enqueue(), await s.enqueue()];
      const claim = await s.claimOne();
      expect(claim.id).toBe(b);
      await s.settle(claim, giveBack);
      expect(idsOf(await s.claim())).toEqual([b, a]);
    });
  });
}
