import { describe, expect, test } from "@jest/globals";
import { failure, giveBack, type Stage, success } from "../stage.js";

export function extendContract(stage: () => Stage): void {
  describe("extend", () => {
    test("pushes the due time from now on, and the token stays", async () => {
      const s = stage();
      const claim = await s.started();
      expect(await s.broker.extend([claim], 500_000)).toEqual(["extended"]);
      const job = await s.job(claim.id);
      expect(job?.token).toBe(claim.token);
      expect(job?.due?.getTime()).toBeGreaterThanOrEqual(claim.claimedAt + 500_000);
      expect(await s.settle(claim, success)).toBe("settled");
    });

    test("works from any process that has the token", async () => {
      const s = stage();
      expect(await s.other.extend([await s.started()], 1000)).toEqual(["extended"]);
    });

    test("answers each of a batch: held, ended, given back, of another token, unknown", async () => {
      const s = stage();
      await s.enqueueMany(4);
      const [held, ended, back, other] = await s.claim();
      if (!held || !ended || !back || !other) throw new Error("four jobs were to be held");
      await s.settle(ended, failure);
      await s.settle(back, giveBack);
      const holds = [held, ended, back, { ...other, token: "other" }, { ...held, id: "ffffffffffffffffffffffff" }];
      expect(await s.broker.extend(holds, 1000)).toEqual(["extended", "lost", "lost", "lost", "lost"]);
      expect(await s.broker.extend([], 1000)).toEqual([]);
    });

    test("a holder whose lease has lapsed may extend until another claim takes the job", async () => {
      const s = stage();
      const first = await s.started();
      await s.lapse(first);
      expect(await s.broker.extend([first], 60_000)).toEqual(["extended"]);
      expect(await s.claim()).toEqual([]);
      await s.lapse(first);
      const second = await s.claimOne();
      expect(await s.broker.extend([first], 60_000)).toEqual(["lost"]);
      expect(await s.broker.extend([second], 60_000)).toEqual(["extended"]);
    });

    test("in flight while the same holder settles: the job ends, and stays ended", async () => {
      const s = stage();
      await s.enqueueMany(50);
      const claims = await s.claim({ max: 50 });
      const work = claims.map((claim) =>
        Promise.all([s.broker.extend([claim], 60_000), s.settle(claim, failure), s.other.extend([claim], 60_000)]),
      );
      for (const [, state] of await Promise.all(work)) expect(state).toBe("settled");
      const jobs = await s.broker.get(claims);
      for (const job of jobs) expect(job?.due).toBeUndefined();
      expect(await s.claim()).toEqual([]);
      const counts = (await s.broker.counts([s.queue])).get(s.queue);
      expect(counts).toMatchObject({ queued: 0, started: 0, ...(s.subject.countsFinished ? { failed: 50 } : {}) });
    });
  });
}
