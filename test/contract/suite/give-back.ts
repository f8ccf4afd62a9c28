import { describe, expect, test } from "@jest/globals";
import { giveBack, type Stage, success } from "../stage.js";

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
