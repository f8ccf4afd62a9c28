import { describe, expect, test } from "@jest/globals";
import { MemoryBroker, newJobId } from "@tandemq/core";
import { failure, hour, idsOf, retry, type Stage, success } from "../stage.js";
import { departed, identity } from "./moving-jobs.js";

const unknown = "ffffffffffffffffffffffff";

export function leavingContract(stage: (shape?: string) => Stage): void {
  describe("a job that goes to another broker", () => {
    test("goes whole, and leaves nothing", async () => {
      const s = stage();
      const elsewhere = new MemoryBroker();
      const more = { tags: ["a", "b"], meta: { m: "1" }, settings: { attempts: 4 }, parent: newJobId(), priority: -2 };
      const key = { value: "k", until: "finish" } as const;
      const first = await s.started({ ...more, key, startBy: { after: hour } });
      await s.settle(first, { ...retry, delay: hour } as typeof retry);
      const before = await s.job(first.id);
      const departures = await departed(s.broker, s, [first.id]);
      expect(
        await elsewhere.receive(
          departures.map(({ job }) => job),
          hour,
        ),
      ).toEqual(["done"]);
      expect(await s.broker.leave(departures)).toEqual(["done"]);
      await elsewhere.arrive(departures.map(({ job }) => job));
      const [after] = await elsewhere.get([first]);
      expect(identity(after)).toEqual(identity(before));
      expect(Math.abs((after?.due?.getTime() ?? 0) - (before?.due?.getTime() ?? 0))).toBeLessThan(2);
      expect(await s.job(first.id)).toBeUndefined();
      expect((await s.broker.counts([s.queue])).get(s.queue)).toMatchObject({
        queued: 0,
        retry: 0,
        started: 0,
        cancel: 0,
      });
      expect(await s.broker.enqueue([s.newJob({ key })])).toMatchObject([{ created: true }]);
    });

    test("is told why it does not, or is still here when somebody claimed it meanwhile", async () => {
      const s = stage();
      const held = await s.started();
      const over = await s.ended(failure);
      const fresh = await s.enqueue();
      const refs = [held.id, over.id, unknown].map((id) => s.ref(id));
      expect(await s.broker.depart(refs)).toEqual([
        "started",
        s.subject.keepsFailures ? "final" : "missing",
        "missing",
      ]);
      const departures = await departed(s.broker, s, [fresh]);
      const [claim] = await s.claim();
      expect(await s.broker.leave(departures)).toEqual([claim ? "started" : "done"]);
      if (claim) expect(await s.settle(claim, success)).toBe("settled");
      expect(await s.claim()).toEqual([]);
    });

    test("is not taken from whoever changed it meanwhile", async () => {
      const s = stage();
      const id = await s.enqueue();
      const departures = await departed(s.broker, s, [id]);
      const [edited] = await s.other.edit([s.ref(id)], { params: '{"n":2}' });
      const [answer] = await s.broker.leave(departures);
      expect([edited, answer]).toEqual(edited === "done" ? ["done", "waiting"] : ["started", "done"]);
      expect((await s.job(id))?.params).toEqual(edited === "done" ? { n: 2 } : undefined);
    });

    test("departs for one mover only", async () => {
      const s = stage();
      const id = await s.enqueue();
      const [first, second] = [await departed(s.broker, s, [id]), await departed(s.other, s, [id])];
      const left = [...(await s.broker.leave(first)), ...(await s.other.leave(second))];
      expect(left.filter((answer) => answer === "done")).toHaveLength(1);
      expect(await s.claim()).toEqual([]);
    });

    test("that stays stands where it was", async () => {
      const s = stage();
      const [a, b] = [await s.enqueue(), await s.enqueue()];
      const delayed = await s.enqueue({ due: { after: hour } });
      const back = await s.started({ priority: 5 });
      await s.settle(back, { ...retry, delay: hour } as typeof retry);
      const refs = [a, b, delayed, back.id].map((id) => s.ref(id));
      const before = await s.broker.get(refs);
      await s.broker.stay(await departed(s.broker, s, [a, delayed, back.id]));
      const after = await s.broker.get(refs);
      expect(after.map(identity)).toEqual(before.map(identity));
      expect(after.slice(2).map((job) => job?.due)).toEqual(before.slice(2).map((job) => job?.due));
      expect(idsOf(await s.claim())).toEqual([a, b]);
    });
  });
}
