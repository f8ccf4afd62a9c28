import { describe, expect, test } from "@jest/globals";
import { inTime } from "../../support/patience.js";
import { giveBack, idsOf, type Stage, success } from "../stage.js";

export function giveBackContract(stage: () => Stage): void {
  describe("give back", () => {
    test("the job is due at once, no attempt is consumed, nothing is lost", async () => {
      const s = stage();
      const first = await s.ended(giveBack);
      expect(await s.job(first.id)).toMatchObject({ status: "interrupt", attempt: 0, deliveries: 1, lost: 0 });
      const [second] = await s.claim({}, s.other);
      expect(second).toMatchObject({ id: first.id, attempt: 1, deliveries: 2, lost: 0 });
      expect(second?.token).not.toBe(first.token);
    });

    test("with a delay the job is due after it, in front of those queued after it", () =>
      inTime(200, async (delay, passed) => {
        const s = stage();
        const first = await s.ended({ status: "interrupt", delay });
        const second = await s.enqueue();
        expect((await s.job(first.id))?.due?.getTime()).toBeGreaterThanOrEqual(first.claimedAt + delay);
        const claims = await s.claim({ lease: delay });
        passed();
        expect(idsOf(claims)).toEqual([second]);
        await s.clockPasses((await s.job(first.id))?.due);
        await s.clockPasses((await s.job(second))?.due);
        expect(await s.claim()).toMatchObject([{ id: first.id, attempt: 1, deliveries: 2, lost: 0 }, { id: second }]);
      }));

    test("by a limit leaves the history alone", async () => {
      const s = stage();
      const { id } = await s.ended({ status: "interrupt", limited: true });
      expect(await s.job(id)).toMatchObject({ status: "interrupt", attempt: 0, history: [] });
      await s.settle(await s.claimOne(), giveBack);
      expect((await s.job(id))?.history).toHaveLength(1);
    });

    test("by whoever saw the child die counts a loss", async () => {
      const s = stage();
      await s.ended({ status: "interrupt", lost: true });
      expect(await s.claimOne()).toMatchObject({ attempt: 1, deliveries: 2, lost: 1 });
    });

    test("an earlier holder that gives back a second time does not disturb the next one", async () => {
      const s = stage();
      const first = await s.ended(giveBack);
      const second = await s.claimOne();
      expect(await s.settle(first, giveBack)).toBe("lost");
      expect(await s.claim()).toEqual([]);
      expect(await s.settle(second, success)).toBe("settled");
    });
  });
}
