import { describe, expect, test } from "@jest/globals";
import { failure, giveBack, retry, type Stage, success } from "../stage.js";

export function lostContract(stage: () => Stage): void {
  describe("lost deliveries", () => {
    test("a lapsed job is shown as such, and the claim that finds it counts the loss", async () => {
      const s = stage();
      const first = await s.started();
      expect((await s.job(first.id))?.lapsed ?? false).toBe(false);
      await s.lapse(first);
      expect(await s.job(first.id)).toMatchObject({ status: "started", lapsed: true, lost: 0 });
      const [second] = await s.claim({ worker: "worker-2" }, s.other);
      expect(second).toMatchObject({ id: first.id, attempt: 1, deliveries: 2, lost: 1 });
      expect(await s.job(first.id)).toMatchObject({ status: "started", worker: "worker-2", lost: 1 });
    });

    test("each loss counts, no attempt does, and other ends do not reset it", async () => {
      const s = stage();
      await s.started();
      for (let lost = 1; lost <= 4; lost++) {
        const job = (await s.broker.find({ queue: s.queue, status: ["started"] }))[0];
        await s.lapse({ ...(job as object), token: job?.token ?? "" } as Parameters<typeof s.lapse>[0]);
        expect(await s.claimOne()).toMatchObject({ lost, attempt: 1, deliveries: lost + 1 });
      }
      const [job] = await s.broker.find({ queue: s.queue, status: ["started"] });
      await s.settle({ ...(job as object), token: job?.token ?? "" } as Parameters<typeof s.settle>[0], retry);
      expect(await s.claimOne()).toMatchObject({ lost: 4, attempt: 2 });
    });

    test("only the lapsed ones are delivered again", async () => {
      const s = stage();
      await s.enqueueMany(6);
      const claims = await s.claim();
      const [a, b] = [claims[1], claims[4]];
      if (!a || !b) throw new Error("six jobs were to be held");
      await s.lapse(a);
      await s.lapse(b);
      const again = await s.claim();
      expect(again.map(({ id, lost }) => ({ id, lost })).sort((x, y) => (x.id < y.id ? -1 : 1))).toEqual([
        { id: a.id, lost: 1 },
        { id: b.id, lost: 1 },
      ]);
    });

    test.each([success, failure, retry, giveBack])(
      "a zombie's $status is lost and changes nothing",
      async (outcome) => {
        const s = stage();
        const zombie = await s.started();
        await s.lapse(zombie);
        const holder = await s.claimOne();
        const before = await s.job(holder.id);
        expect(await s.settle(zombie, outcome)).toBe("lost");
        expect(await s.broker.extend([zombie], 1)).toEqual(["lost"]);
        expect(await s.job(holder.id)).toEqual(before);
        expect(await s.settle(holder, success)).toBe("settled");
        expect(await s.settle(zombie, outcome)).toBe("lost");
      },
    );

    test("a holder whose lease has lapsed may settle until another claim takes the job", async () => {
      const s = stage();
      const claim = await s.started();
      await s.lapse(claim);
      expect(await s.settle(claim, success)).toBe("settled");
      expect(await s.claim()).toEqual([]);
    });

    test("a lapsed job is not waiting: it cannot be cancelled, edited, removed or purged", async () => {
      const s = stage();
      const claim = await s.started();
      await s.lapse(claim);
      expect(await s.broker.cancel([claim])).toEqual(["started"]);
      expect(await s.broker.edit([claim], { priority: 1 })).toEqual(["started"]);
      expect(await s.broker.remove([claim])).toEqual(["started"]);
      expect(await s.broker.purge(s.queue)).toBe(0);
      expect(await s.claimOne()).toMatchObject({ id: claim.id, lost: 1 });
    });

    test("a zombie of an earlier life is lost", async () => {
      const s = stage();
      const zombie = await s.started();
      await s.lapse(zombie);
      const accepted = await s.claimOne();
      await s.settle(accepted, failure);
      const [answer] = await s.broker.requeue([s.ref(zombie.id)]);
      if (!s.subject.keepsFailures) return expect(answer).toBe("missing");
      expect(await s.settle(zombie, success)).toBe("lost");
      const holder = await s.claimOne();
      expect(holder).toMatchObject({ id: zombie.id, generation: 2 });
      const before = await s.job(holder.id);
      expect(await s.settle(zombie, success)).toBe("lost");
      expect(["settled", "lost"]).toContain(await s.settle(accepted, failure));
      expect(await s.broker.extend([zombie, accepted], 1)).toEqual(["lost", "lost"]);
      expect(await s.job(holder.id)).toEqual(before);
      expect(await s.settle(holder, success)).toBe("settled");
    });
  });
}
