import { describe, expect, test } from "@jest/globals";
import { failure, giveBack, type Stage } from "../stage.js";

export function progressContract(stage: () => Stage): void {
  describe("record progress", () => {
    /** Brokers of modes that keep no progress have no such method. */
    const kept = (s: Stage) => s.broker.recordProgress !== undefined;

    test("is seen at once, and the last one stays", async () => {
      const s = stage();
      const claim = await s.started();
      await s.broker.recordProgress?.([{ ...claim, progress: 0.5 }]);
      await s.other.recordProgress?.([{ ...claim, progress: { $done: 3, of: [4] } }]);
      const job = await s.job(claim.id);
      expect(job?.progress).toEqual(kept(s) ? { $done: 3, of: [4] } : undefined);
      expect(job?.status).toBe("started");
    });

    test("of another token is ignored; that of the delivery that ended the job is taken", async () => {
      const s = stage();
      const claim = await s.started();
      await s.broker.recordProgress?.([{ ...claim, token: "other", progress: 0.1 }]);
      expect((await s.job(claim.id))?.progress).toBeUndefined();
      await s.settle(claim, failure);
      await s.broker.recordProgress?.([
        { ...claim, id: "ffffffffffffffffffffffff", progress: 0.2 },
        { ...claim, progress: 1 },
      ]);
      if (s.subject.keepsFailures) expect((await s.job(claim.id))?.progress).toBe(kept(s) ? 1 : undefined);
    });

    test("stays through the next delivery, which alone may change it then", async () => {
      const s = stage();
      const first = await s.started();
      await s.broker.recordProgress?.([{ ...first, progress: 0.3 }]);
      await s.settle(first, giveBack);
      const second = await s.claimOne();
      await s.broker.recordProgress?.([{ ...first, progress: 0.9 }]);
      expect((await s.job(first.id))?.progress).toBe(kept(s) ? 0.3 : undefined);
      await s.broker.recordProgress?.([{ ...second, progress: 0.4 }]);
      expect((await s.job(first.id))?.progress).toBe(kept(s) ? 0.4 : undefined);
    });

    test("does not stand in the way of a claim or a settlement", async () => {
      const s = stage();
      const claim = await s.started();
      await s.lapse(claim);
      await s.broker.recordProgress?.([{ ...claim, progress: 0.5 }]);
      const again = await s.claimOne();
      expect(again).toMatchObject({ id: claim.id, lost: 1 });
      await s.broker.recordProgress?.([{ ...again, progress: 0.6 }]);
      expect(await s.settle(again, failure)).toBe("settled");
    });
  });
}
