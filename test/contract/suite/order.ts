import { describe, expect, test } from "@jest/globals";
import { inTime } from "../../support/patience.js";
import { giveBack, hour, idsOf, retry, type Stage } from "../stage.js";

export function orderContract(stage: () => Stage): void {
  describe("order", () => {
    test("within one priority: first come, first served", async () => {
      const s = stage();
      const ids: string[] = [];
      for (let i = 0; i < 10; i++) ids.push(await s.enqueue());
      expect([...idsOf(await s.claim({ max: 4 })), ...idsOf(await s.claim())]).toEqual(ids);
    });

    test("higher priority first, from -10 to 10", async () => {
      const s = stage();
      const byPriority = new Map<number, string>();
      for (const priority of [0, -10, 3, 10, -1]) byPriority.set(priority, await s.enqueue({ priority }));
      const expected = [10, 3, 0, -1, -10].map((priority) => byPriority.get(priority));
      expect([...idsOf(await s.claim({ max: 2 })), ...idsOf(await s.claim())]).toEqual(expected);
    });

    test("a delayed job stands where its delay ended", () =>
      inTime(60, async (after, passed) => {
        const s = stage();
        const delayed = await s.enqueue({ due: { after } });
        const early = await s.enqueue();
        passed();
        await s.clockPasses((await s.job(delayed))?.due);
        const late = await s.enqueue();
        expect(idsOf(await s.claim())).toEqual([early, delayed, late]);
      }));

    test("a due time that has passed is no way to the front", async () => {
      const s = stage();
      const early = await s.enqueue();
      await s.clockPasses((await s.job(early))?.queuedAt);
      const past = await s.enqueue({ due: { at: 1000 } });
      expect(idsOf(await s.claim())).toEqual([early, past]);
    });

    test.each(["interrupt", "retry", "lapse"] as const)(
      "after %s a job goes ahead of all that were queued after it",
      async (end) => {
        const s = stage();
        const first = await s.started();
        const later = await s.enqueueMany(5000);
        if (end === "lapse") await s.lapse(first);
        else await s.settle(first, end === "retry" ? retry : giveBack);
        const next = await s.claim({ max: 3 });
        expect(next[0]?.id).toBe(first.id);
        expect(next.slice(1).every((claim) => later.includes(claim.id))).toBe(true);
      },
    );

    test("several that were given back keep the order among newer ones of their priority", async () => {
      const s = stage();
      await s.enqueueMany(3);
      await s.enqueueMany(3, { priority: 1 });
      const held = await s.claim({ max: 6 });
      const [high] = await s.enqueueMany(1, { priority: 1 });
      await s.enqueueMany(1);
      for (const claim of held) await s.settle(claim, giveBack);
      const order = idsOf(await s.claim({ max: 7 }));
      const [oldHigh, oldLow] = [idsOf(held.slice(0, 3)), idsOf(held.slice(3))];
      expect(order.slice(0, 3).sort()).toEqual(oldHigh.sort());
      expect(order[3]).toBe(high);
      expect(order.slice(4).sort()).toEqual(oldLow.sort());
    });

    test("with a long line waiting, given back, lapsed and retried jobs are the next", async () => {
      const s = stage();
      await s.enqueueMany(3);
      const held = await s.claim({ max: 3 });
      await s.enqueueMany(s.subject.longLine);
      const [a, b, c] = held;
      if (!a || !b || !c) throw new Error("three jobs were to be held");
      await s.settle(a, giveBack);
      await s.lapse(b);
      await s.settle(c, retry);
      expect(idsOf(await s.claim({ max: 3 })).sort()).toEqual(idsOf(held).sort());
    });

    test("head shows who is next", async () => {
      const s = stage();
      const [low, , high] = [
        await s.enqueue(),
        await s.enqueue({ due: { after: hour } }),
        await s.enqueue({ priority: 2 }),
      ];
      expect(idsOf(await s.broker.find({ queue: s.queue, order: "head", limit: 2 }))).toEqual([high, low]);
    });
  });
}
