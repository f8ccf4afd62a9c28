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
      const d = await s.enqueue();
      expect(idsOf(await s.claim())).toEqual([d, b]);
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
