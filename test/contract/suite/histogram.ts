import { describe, expect, test } from "@jest/globals";
import { hour, type Stage } from "../stage.js";

export function histogramContract(stage: (shape?: string) => Stage): void {
  describe("a histogram", () => {
    test("counts waiting jobs by the time they come due, with open ends", async () => {
      const s = stage();
      await s.started();
      const ended = await s.started();
      await s.settle(ended, { status: "success" });
      await s.enqueueMany(2);
      const now = await s.broker.now();
      const at = [now + hour, now + hour, now + 2 * hour, now + 3 * hour, now + 9 * hour];
      for (const time of at) await s.enqueue({ due: { at: time } });
      await s.clockPasses(new Date(now));
      const range = { from: now + 2 * hour, to: now + 4 * hour, slices: 2 };
      expect(await s.other.histogram(s.queue, range)).toEqual({
        by: "due",
        others: 2,
        slices: [
          { to: now + 2 * hour, count: 2 },
          { from: now + 2 * hour, to: now + 3 * hour, count: 1 },
          { from: now + 3 * hour, to: now + 4 * hour, count: 1 },
          { from: now + 4 * hour, count: 1 },
        ],
      });
    });

    test("reaches from now to the last job where no range is named", async () => {
      const s = stage();
      expect((await s.broker.histogram(s.queue, { slices: 3 })).slices.every(({ count }) => count === 0)).toBe(true);
      await s.enqueue();
      await s.enqueue({ due: { after: hour } });
      await s.enqueue({ due: { after: 4 * hour } });
      const { slices, others } = await s.broker.histogram(s.queue, { slices: 2 });
      expect([others, ...slices.map(({ count }) => count)]).toEqual([1, 0, 1, 1, 0]);
    });

    test("leaves out what runs, and finds nothing before now", async () => {
      const s = stage();
      const [one] = [await s.started(), await s.started()];
      await s.broker.extend([one], hour);
      await s.enqueue();
      const now = await s.broker.now();
      const { slices, others } = await s.broker.histogram(s.queue, { from: now - hour, to: now + 2 * hour, slices: 3 });
      expect([others, ...slices.map(({ count }) => count)]).toEqual([1, 0, 0, 0, 0, 0]);
    });
  });
}
