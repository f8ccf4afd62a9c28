import { describe, expect, test } from "@jest/globals";
import type { Departure, Job, Status } from "@tandemq/core";
import { failure, hour, idsOf, type Stage, success } from "../stage.js";
import { departed, identity } from "./moving-jobs.js";

const dead: Status = "failed";

/** Answers that say: it is not yours any more. */
const refusals = ["waiting", "started", "missing", "final"];

export function buryingContract(stage: (shape?: string) => Stage): void {
  /** A test that needs dead jobs; a broker that keeps none has nothing to bury. */
  const whereKept = (name: string, tell: (s: Stage, id: string) => Promise<void>) =>
    test(name, async () => {
      const s = stage();
      const { id } = await s.ended(failure);
      if (s.subject.keepsFailures) return tell(s, id);
      expect(await s.broker.depart([s.ref(id)], "final")).toEqual(["missing"]);
    });

  describe("a dead job that is put into line elsewhere", () => {
    whereKept("departs whole, leaves nothing, and is gone once", async (s, id) => {
      const before = await s.job(id);
      const departures = await departed(s.broker, s, [id], "final");
      expect(departures.map(({ job }) => [job.status, identity(job)])).toEqual([[dead, identity(before)]]);
      expect(departures[0]?.heldFor).toBeGreaterThan(0);
      expect(await s.job(id)).toMatchObject({ status: dead });
      expect(await s.broker.leave(departures)).toEqual(["done"]);
      expect(await s.job(id)).toBeUndefined();
      expect((await s.broker.counts([s.queue])).get(s.queue)).toMatchObject({ queued: 0, failed: 0 });
      expect(await s.broker.requeue([s.ref(id)])).toEqual(["missing"]);
      expect(await s.broker.remove([s.ref(id)])).toEqual(["missing"]);
    });

    test("departs when it is dead, and else is told why not", async () => {
      const s = stage();
      const held = await s.started();
      const waiting = await s.enqueue();
      const refs = [held.id, waiting, "ffffffffffffffffffffffff"].map((id) => s.ref(id));
      expect(await s.broker.depart(refs, "final")).toEqual(["started", "waiting", "missing"]);
      expect(await s.settle(held, success)).toBe("settled");
      expect(idsOf(await s.claim())).toEqual([waiting]);
    });

    whereKept("departs for one mover at a time, until that one lets it go", async (s, id) => {
      const first = await departed(s.broker, s, [id], "final");
      expect(await s.other.depart([s.ref(id)], "final")).toEqual(["started"]);
      await s.broker.stay(first);
      const second = await departed(s.other, s, [id], "final");
      expect(await s.broker.leave(first)).toEqual(["final"]);
      expect(await s.other.leave(second)).toEqual(["done"]);
    });

    whereKept("is in line in one place only, however many requeue it at once", async (s, id) => {
      const bury = async (broker: typeof s.broker): Promise<string[]> => {
        const departures: Departure[] = await departed(broker, s, [id], "final");
        return departures.length === 0 ? [] : broker.leave(departures);
      };
      const [requeued, again, ...buried] = await Promise.all([
        s.broker.requeue([s.ref(id)]),
        s.other.requeue([s.ref(id)]),
        bury(s.broker),
        bury(s.other),
      ]);
      const lives = await s.claim({ max: 2 });
      const gone = buried.flat().filter((answer) => answer === "done");
      expect([...requeued, ...again].includes("done")).toBe(lives.length === 1);
      expect(lives.length + gone.length).toBeLessThanOrEqual(1);
      for (const answer of buried.flat()) expect(["done", ...refusals]).toContain(answer);
    });

    whereKept("stays when it lives again, and also when it is dead again by then", async (s, id) => {
      const departures = await departed(s.broker, s, [id], "final");
      const [requeued] = await s.other.requeue([s.ref(id)]);
      if (requeued === "started") return expect(await s.broker.leave(departures)).toEqual(["done"]);
      expect(requeued).toBe("done");
      expect(await s.broker.leave(departures)).toEqual(["waiting"]);
      const next = await s.claimOne();
      expect(next).toMatchObject({ id, generation: 2 });
      expect(refusals).toContain((await s.broker.leave(departures))[0]);
      await s.settle(next, failure);
      expect(await s.broker.leave(departures)).toEqual(["final"]);
      expect(await s.job(id)).toMatchObject({ status: dead, generation: 2 });
    });

    whereKept(
      "is edited and cancelled in its next life, whoever was about to put it into line elsewhere",
      async (s, id) => {
        await departed(s.broker, s, [id], "final");
        const [requeued] = await s.other.requeue([s.ref(id)]);
        if (requeued === "started") return;
        expect(await s.other.edit([s.ref(id)], { priority: 1 })).toEqual(["done"]);
        expect(await s.other.cancel([s.ref(id)])).toEqual(["done"]);
      },
    );

    whereKept("hundreds of them, each with its own answer", async (s, id) => {
      const ids = await s.enqueueMany(700);
      const claims = await s.claim({ max: 700 });
      await s.broker.settle(claims.map((claim) => ({ ...claim, outcome: failure })));
      const departures = await departed(s.broker, s, [...ids, id], "final");
      expect(departures).toHaveLength(701);
      const [lost] = ids;
      expect(await s.other.remove([s.ref(lost ?? "")])).toEqual(["done"]);
      const answers = await s.broker.leave(departures);
      expect(new Set(answers.slice(1))).toEqual(new Set(["done"]));
      expect(await s.broker.get([...ids, id].map((one) => s.ref(one)))).toEqual(
        [...ids, id].map((): Job | undefined => undefined),
      );
      expect(departures[0]?.job.due).toBeUndefined();
      expect(await s.claim({ lease: hour })).toEqual([]);
    });
  });
}
