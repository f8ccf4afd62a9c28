import { describe, expect, test } from "@jest/globals";
import { failure, hour, type Stage, settlement, success } from "../stage.js";

export function enqueueContract(stage: () => Stage): void {
  describe("enqueue", () => {
    test("answers in the order of the question, and the jobs wait", async () => {
      const s = stage();
      const jobs = [s.newJob(), s.newJob({ priority: 5 }), s.newJob({ due: { after: hour } })];
      const answers = await s.broker.enqueue(jobs);
      expect(answers).toEqual(jobs.map(({ id }) => ({ state: "enqueued", id, created: true })));
      expect((await s.broker.counts([s.queue])).get(s.queue)?.queued).toBe(3);
    });

    test("keeps everything that the producer fixed", async () => {
      const s = stage();
      const fixed = {
        priority: -3,
        tags: ["a", "b"],
        parent: "0123456789abcdef01234567",
        settings: { attempts: 4, timeout: 1500 },
      };
      const id = await s.enqueue({ ...fixed, params: '{"deep":{"list":[1,"two",null]}}', path: "some.path" });
      const seen = {
        ...fixed,
        id,
        queue: s.queue,
        path: "some.path",
        attempt: 0,
        deliveries: 0,
        lost: 0,
        generation: 1,
      };
      expect(await s.job(id)).toMatchObject({
        ...seen,
        status: "queued",
        params: { deep: { list: [1, "two", null] } },
      });
    });

    test("once only: whatever became of the job, its id makes no second one", async () => {
      const s = stage();
      const job = s.newJob({ onlyOnce: true, due: { after: hour } });
      const added = [{ state: "enqueued", id: job.id, created: true }];
      expect(await s.broker.enqueue([job])).toEqual(added);
      expect(await s.other.enqueue([job])).toEqual(added);
      expect((await s.broker.counts([s.queue])).get(s.queue)?.queued).toBe(1);
      expect(await s.broker.edit([job], { due: { after: 0 } })).toEqual(["done"]);
      await s.settle(await s.claimOne(), success);
      expect(await s.other.enqueue([{ ...job, due: { after: 0 } }])).toEqual(added);
      expect(await s.claim()).toEqual([]);
      expect((await s.broker.counts([s.queue])).get(s.queue)?.queued).toBe(0);
    });

    test("once only: the owner of its key is kept", async () => {
      const s = stage();
      const key = { value: "k", until: "start" } as const;
      const id = await s.enqueue({ key });
      const job = s.newJob({ key, onlyOnce: true });
      const kept = [{ state: "enqueued", id, created: false }];
      expect(await s.broker.enqueue([job])).toEqual(kept);
      expect(await s.broker.enqueue([job])).toEqual(kept);
    });

    test("of an id that is there already is answered as if it were new, and changes nothing", async () => {
      const s = stage();
      const job = s.newJob();
      await s.broker.enqueue([job]);
      const again = await s.other.enqueue([{ ...job, params: '{"n":2}', priority: 9 }]);
      expect(again).toEqual([{ state: "enqueued", id: job.id, created: true }]);
      expect(await s.job(job.id)).toMatchObject({ params: { n: 1 }, priority: 0 });
      expect(await s.claim()).toHaveLength(1);
    });

    test("of an id that runs leaves the run alone", async () => {
      const s = stage();
      const job = s.newJob();
      await s.broker.enqueue([job]);
      const claim = await s.claimOne();
      expect(await s.broker.enqueue([job])).toEqual([{ state: "enqueued", id: job.id, created: true }]);
      expect(await s.claim()).toEqual([]);
      expect(await s.settle(claim, success)).toBe("settled");
    });

    test("of an id that has ended does not run it again, where its end is known", async () => {
      const s = stage();
      const job = s.newJob({ seen: true });
      await s.broker.enqueue([job]);
      await s.settle(await s.claimOne(), failure);
      const before = await s.job(job.id);
      expect(await s.broker.enqueue([job])).toEqual([{ state: "enqueued", id: job.id, created: true }]);
      if (s.subject.knowsEnded === "at enqueue") expect(await s.job(job.id)).toEqual(before);
      expect(await s.claim()).toHaveLength(s.subject.knowsEnded === "never" ? 1 : 0);
      if (s.subject.knowsEnded !== "never") expect(await s.job(job.id)).toEqual(before);
    });

    test("the same id twice in one batch is one job", async () => {
      const s = stage();
      const job = s.newJob();
      const answer = { state: "enqueued", id: job.id, created: true };
      expect(await s.broker.enqueue([job, s.newJob(), job])).toMatchObject([answer, { created: true }, answer]);
      expect(await s.claim()).toHaveLength(2);
    });

    test("nothing is fine", async () => {
      expect(await stage().broker.enqueue([])).toEqual([]);
    });

    test("by many callers at once loses nothing", async () => {
      const s = stage();
      const jobs = Array.from({ length: 300 }, () => s.newJob());
      const answers = await Promise.all(jobs.map((job, i) => s.either(i).enqueue([job])));
      expect(answers.flat()).toEqual(jobs.map(({ id }) => ({ state: "enqueued", id, created: true })));
      expect(await s.claim({ max: 400 })).toHaveLength(300);
    });

    test("a delayed job comes due after its delay by the broker's clock, not before", async () => {
      const s = stage();
      const id = await s.enqueue({ due: { after: 200 } });
      const due = (await s.job(id))?.due?.getTime() ?? Number.NaN;
      let claim = (await s.claim())[0];
      while (!claim) {
        await s.broker.waitForWork([s.queue], { timeout: 5000 });
        claim = (await s.claim())[0];
      }
      expect(claim.claimedAt).toBeGreaterThanOrEqual(due);
      expect(claim.claimedAt - claim.queuedAt).toBeGreaterThanOrEqual(200);
      expect(await s.broker.settle([settlement(claim, success)])).toEqual([{ state: "settled" }]);
    });

    test("a due time in the future is kept, one that has passed means now", async () => {
      const s = stage();
      const at = Date.now() + hour;
      const [later, past] = [await s.enqueue({ due: { at } }), await s.enqueue({ due: { at: 1000 } })];
      expect((await s.claim()).map((claim) => claim.id)).toEqual([past]);
      expect((await s.job(later))?.due?.getTime()).toBe(at);
    });
  });
}
