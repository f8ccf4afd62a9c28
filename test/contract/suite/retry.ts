import { describe, expect, test } from "@jest/globals";
import { maxHistory, type Outcome } from "@tandemq/core";
import { hour, idsOf, type Stage } from "../stage.js";

const error = {
  name: "Error",
  message: "again",
  stack: "where",
  cause: { name: "Root", message: "why", stack: "there" },
};
const again = (more: object): Outcome => ({ status: "retry", delay: 0, error, ...more });

export function retryContract(stage: () => Stage): void {
  describe("a retry", () => {
    test("keeps each run's error, with its stack and its cause's", async () => {
      const s = stage();
      const { id } = await s.ended(again({}));
      await s.settle(await s.claimOne(), again({ error: { ...error, message: "and again" } }));
      const job = await s.job(id);
      expect(job?.history.map((run) => [run.attempt, run.status, run.error])).toEqual([
        [1, "retry", error],
        [2, "retry", { ...error, message: "and again" }],
      ]);
    });

    test("keeps the last runs of many, and counts all", async () => {
      const s = stage();
      const { id } = await s.ended(again({}));
      for (let run = 2; run <= maxHistory + 3; run++) await s.settle(await s.claimOne(), again({}));
      const job = await s.job(id);
      expect(job?.history.map(({ attempt }) => attempt)).toEqual(Array.from({ length: maxHistory }, (_, i) => i + 4));
      expect(job).toMatchObject({ attempt: maxHistory + 3, deliveries: maxHistory + 3 });
    });

    test("with another priority takes its new place", async () => {
      const s = stage();
      const claim = await s.started({ params: '{"n":5}' });
      const waiting = await s.enqueue();
      await s.settle(claim, again({ priority: -3 }));
      expect(await s.job(claim.id)).toMatchObject({ status: "retry", attempt: 1, priority: -3, queue: s.queue });
      const claims = await s.claim();
      expect(idsOf(claims)).toEqual([waiting, claim.id]);
      expect(claims[1]).toMatchObject({ priority: -3, attempt: 2, params: '{"n":5}' });
    });

    test("in another queue leaves the old one, and keeps what it went through", async () => {
      const s = stage();
      const queue = `${s.queue}-b`;
      const key = { value: "k", until: "finish" } as const;
      const claim = await s.started({ key, params: '{"n":5}', tags: ["t"] });
      expect(await s.settle(claim, again({ queue, priority: 2 }))).toBe("settled");
      expect(await s.job(claim.id)).toBeUndefined();
      expect(await s.job(claim.id, queue)).toMatchObject({
        status: "retry",
        attempt: 1,
        queue,
        priority: 2,
        tags: ["t"],
      });
      expect((await s.job(claim.id, queue))?.history).toMatchObject([{ attempt: 1, status: "retry", error }]);
      expect(await s.broker.enqueue([s.newJob({ key })])).toMatchObject([{ created: true }]);
      const [next] = await s.claim({ queues: [queue] });
      expect(next).toMatchObject({ id: claim.id, queue, attempt: 2, deliveries: 2, lost: 0, params: '{"n":5}' });
      const counts = await s.broker.counts([s.queue, queue]);
      expect(counts.get(s.queue)).toMatchObject({ queued: 1, retry: 0, started: 0 });
      expect(counts.get(queue)).toMatchObject({ queued: 0, retry: 0, started: 1 });
      if (next) expect(await s.settle(next, { status: "success" })).toBe("settled");
    });

    test("in another queue takes its key there, or gives it up where it is another's", async () => {
      const s = stage();
      const key = { value: "k", until: "finish" } as const;
      const [free, taken] = [`${s.queue}-b`, `${s.queue}-c`];
      const owner = await s.enqueue({ key, queue: taken });
      const first = await s.started({ key });
      expect(await s.settle(first, again({ queue: free }))).toBe("settled");
      expect(await s.broker.enqueue([s.newJob({ key, queue: free })])).toMatchObject([
        { id: first.id, created: false },
      ]);
      const second = await s.started({ key });
      expect(await s.settle(second, again({ queue: taken }))).toBe("settled");
      expect(await s.broker.enqueue([s.newJob({ key, queue: taken })])).toMatchObject([{ id: owner, created: false }]);
      expect((await s.job(second.id, taken))?.key).toBeUndefined();
      expect((await s.claim({ queues: [free] }))[0]).toMatchObject({ id: first.id, key });
      expect(idsOf(await s.claim({ queues: [taken] })).sort()).toEqual([owner, second.id].sort());
    });

    test("in another queue is due there after its delay", async () => {
      const s = stage();
      const queue = `${s.queue}-b`;
      const claim = await s.ended(again({ queue, delay: hour }));
      expect(await s.claim({ queues: [queue] })).toEqual([]);
      expect((await s.job(claim.id, queue))?.due?.getTime()).toBeGreaterThanOrEqual(claim.claimedAt + hour);
      expect(await s.broker.edit([{ id: claim.id, queue }], { due: { after: 0 } })).toEqual(["done"]);
      expect(idsOf(await s.claim({ queues: [queue] }))).toEqual([claim.id]);
    });

    test("in another queue can be asked twice, and is fenced by its token", async () => {
      const s = stage();
      const queue = `${s.queue}-b`;
      const claim = await s.started();
      expect(await s.settle({ ...claim, token: "other.1" }, again({ queue }))).toBe("lost");
      expect((await s.job(claim.id))?.status).toBe("started");
      for (const broker of [s.broker, s.broker, s.other]) {
        expect(await s.settle(claim, again({ queue }), broker)).toBe("settled");
      }
      expect(await s.job(claim.id, queue)).toMatchObject({ status: "retry", attempt: 1, deliveries: 1 });
      expect(await s.claim()).toEqual([]);
      expect(await s.claim({ queues: [queue] })).toHaveLength(1);
      expect(await s.claim({ queues: [queue] })).toEqual([]);
    });
  });

  describe("a job that is given back for later", () => {
    test("costs no attempt, and is due after its delay", async () => {
      const s = stage();
      const claim = await s.ended({ status: "interrupt", delay: hour });
      expect(await s.claim()).toEqual([]);
      const job = await s.job(claim.id);
      expect(job).toMatchObject({ status: "interrupt", attempt: 0, deliveries: 1, lost: 0 });
      expect(job?.due?.getTime()).toBeGreaterThanOrEqual(claim.claimedAt + hour);
      expect((await s.broker.counts([s.queue])).get(s.queue)).toMatchObject({ queued: 0, interrupt: 1 });
      expect(await s.broker.edit([claim], { due: { after: 0 } })).toEqual(["done"]);
      expect(await s.claimOne()).toMatchObject({ id: claim.id, attempt: 1, deliveries: 2 });
    });
  });
}
