import { describe, expect, test } from "@jest/globals";
import type { NewJob, Outcome } from "@tandemq/core";
import { failure, giveBack, hour, idsOf, retry, type Stage, success } from "../stage.js";

/** An entry of a timed queue: it is its key. */
const entry = (value: string, at: number = 1000, over: Partial<NewJob> = {}): Partial<NewJob> => ({
  key: { value, until: "finish" },
  due: { at },
  ...over,
});
const met = (id: string, change: "replaced" | "extended") => ({ state: "enqueued", id, created: false, change });

export function timedContract(stage: (shape: string) => Stage): void {
  describe("a timed queue", () => {
    const later = Date.now() + hour;

    test("hands out the earliest time first, times in the past included, and nothing before its time", async () => {
      const s = stage("timed");
      const [b, a] = [await s.enqueue(entry("b", 2000)), await s.enqueue(entry("a", 1000))];
      await s.enqueue(entry("c", later));
      const d = await s.enqueue(entry("d", Date.now() - 1000));
      expect(idsOf(await s.claim())).toEqual([a, b, d]);
      expect(await s.claim()).toEqual([]);
    });

    test("adding an entry again moves it, and changes what it is", async () => {
      const s = stage("timed");
      const id = await s.enqueue(entry("a", later));
      const again = s.newJob(entry("a", 1000, { params: '{"n":2}' }));
      expect(await s.other.enqueue([again])).toEqual([met(id, "replaced")]);
      expect(await s.claim()).toMatchObject([{ id, params: '{"n":2}', generation: 1 }]);
    });

    test("extend moves it and changes nothing else, keep leaves it alone", async () => {
      const s = stage("timed");
      const id = await s.enqueue(entry("a", later));
      const [kept] = await s.broker.enqueue([s.newJob(entry("a", 1000, { onDuplicate: "keep" }))]);
      expect(kept).toEqual({ state: "enqueued", id, created: false });
      expect(await s.claim()).toEqual([]);
      const extend = entry("a", 1000, { onDuplicate: "extend", params: '{"n":2}' });
      expect(await s.broker.enqueue([s.newJob(extend)])).toEqual([met(id, "extended")]);
      expect(await s.claim()).toMatchObject([{ id, params: '{"n":1}' }]);
    });

    test("without a word it goes after its run", async () => {
      const s = stage("timed");
      const first = await s.ended(success, entry("a"));
      expect(await s.claim()).toEqual([]);
      expect(await s.enqueue(entry("a"))).not.toBe(first.id);
    });

    test.each([success, failure])("added while it runs, it stays for that time after $status", async (outcome) => {
      const s = stage("timed");
      const first = await s.started(entry("a"));
      const again = s.newJob(entry("a", later, { params: '{"n":2}' }));
      expect(await s.broker.enqueue([again])).toEqual([met(first.id, "extended")]);
      expect(await s.settle(first, { ...outcome, again: { after: 0 } } as Outcome)).toBe("settled");
      expect(await s.claim()).toEqual([]);
      expect((await s.job(first.id))?.due?.getTime()).toBe(later);
      expect(await s.broker.enqueue([s.newJob(entry("a", 1000, { params: '{"n":3}' }))])).toEqual([
        met(first.id, "replaced"),
      ]);
      const [second] = await s.claim();
      expect(second).toMatchObject({ id: first.id, params: '{"n":3}', generation: 2, attempt: 1, deliveries: 1 });
    });

    test("added while it runs, a retry and a return do not forget the time", async () => {
      const s = stage("timed");
      let claim = await s.started(entry("a"));
      await s.broker.enqueue([s.newJob(entry("a", 2000, { params: '{"n":2}' }))]);
      for (const outcome of [giveBack, retry]) {
        await s.settle(claim, outcome);
        await s.clockPasses((await s.job(claim.id))?.due);
        claim = await s.claimOne();
      }
      await s.settle(claim, success);
      expect(await s.claim()).toMatchObject([{ id: claim.id, params: '{"n":2}', generation: 2 }]);
    });

    test("the task's word: again at a time, so long after, or not", async () => {
      const s = stage("again");
      const claims = [await s.started(entry("a")), await s.started(entry("b")), await s.started(entry("c"))] as const;
      const [a, b, c] = claims;
      await s.settle(a, { status: "success", again: { at: later } });
      await s.settle(b, { status: "success", again: { after: 0 } });
      await s.settle(c, { status: "success", again: false });
      expect((await s.job(a.id))?.due?.getTime()).toBe(later);
      expect(idsOf(await s.claim())).toEqual([b.id]);
      expect(await s.enqueue(entry("c"))).not.toBe(c.id);
    });

    test("the queue's rule: it never empties, but for a job that is aborted", async () => {
      const s = stage("again");
      const [a, b] = [await s.started(entry("a")), await s.started(entry("b"))];
      const c = await s.started(entry("c"));
      await s.settle(a, success);
      await s.settle(b, failure);
      await s.settle(c, { status: "abort", error: { name: "Error", message: "enough" } });
      for (const { id, claimedAt } of [a, b]) {
        const job = await s.job(id);
        expect(job).toMatchObject({ status: "queued", generation: 2, attempt: 0, deliveries: 0 });
        expect(job?.due?.getTime()).toBeGreaterThanOrEqual(claimedAt + hour);
      }
      expect((await s.broker.counts([s.queue])).get(s.queue)?.queued).toBe(2);
    });

    test("settling can be asked twice, and an earlier delivery is refused", async () => {
      const s = stage("again");
      const zombie = await s.started(entry("a"));
      await s.lapse(zombie);
      const claim = await s.claimOne();
      expect(await s.settle(claim, { status: "success", again: { after: 0 } })).toBe("settled");
      expect(await s.settle(claim, { status: "success", again: { after: 0 } })).toBe("settled");
      expect(await s.settle(zombie, failure)).toBe("lost");
      expect(await s.claim()).toMatchObject([{ id: claim.id, generation: 2 }]);
    });

    test.each(["cancel", "remove", "purge"] as const)("%s takes it out for good", async (verb) => {
      const s = stage("again");
      const { id } = await s.ended(success, entry("a"));
      await (verb === "purge" ? s.broker.purge(s.queue) : s.broker[verb]([s.ref(id)]));
      expect(await s.enqueue(entry("a"))).not.toBe(id);
    });

    test("racing with its own runs, no enqueue is swallowed", async () => {
      const s = stage("timed");
      let asked = 0;
      const ran: number[] = [];
      const add = async () => {
        for (let n = 1; n <= 40; n++) {
          await s.broker.enqueue([s.newJob(entry("a", n, { params: `{"n":${n}}` }))]);
          asked = n;
        }
      };
      const run = async () => {
        do {
          for (const claim of await s.claim({}, s.other)) {
            ran.push((JSON.parse(claim.params) as { n: number }).n);
            await s.settle(claim, success, s.other);
          }
        } while (asked < 40);
      };
      await Promise.all([add(), run()]);
      await run();
      expect(ran.at(-1)).toBe(40);
      expect(await s.claim()).toEqual([]);
    });
  });
}
