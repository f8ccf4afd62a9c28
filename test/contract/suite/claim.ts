import { describe, expect, test } from "@jest/globals";
import { giveBack, hour, idsOf, retry, type Stage } from "../stage.js";

export function claimContract(stage: () => Stage): void {
  describe("claim", () => {
    test("hands out the whole job, with a token", async () => {
      const s = stage();
      const fixed = { priority: 4, tags: ["t"], parent: "0123456789abcdef01234567", settings: { attempts: 2 } };
      const id = await s.enqueue({ ...fixed, params: '{"file":"ünï.txt"}', key: { value: "k", until: "finish" } });
      const claim = await s.claimOne({ worker: "w-7" });
      const counters = { generation: 1, attempt: 1, deliveries: 1, lost: 0 };
      expect(claim).toMatchObject({ id, queue: s.queue, path: "test.task", ...fixed, ...counters });
      expect(claim.key).toEqual({ value: "k", until: "finish" });
      expect(JSON.parse(claim.params)).toEqual({ file: "ünï.txt" });
      expect(claim.claimedAt).toBeGreaterThanOrEqual(claim.queuedAt);
      expect(await s.job(id)).toMatchObject({ status: "started", worker: "w-7", token: claim.token, deliveries: 1 });
    });

    test("pushes the due time to the end of the lease", async () => {
      const s = stage();
      await s.enqueue();
      const claim = await s.claimOne({ lease: 45_000 });
      expect((await s.job(claim.id))?.due?.getTime()).toBe(claim.claimedAt + 45_000);
    });

    test("gives at most `max`, and nothing of an empty or unknown queue", async () => {
      const s = stage();
      expect(await s.claim()).toEqual([]);
      await s.enqueueMany(7);
      expect(await s.claim({ max: 3 })).toHaveLength(3);
      expect(await s.claim({ max: 100 })).toHaveLength(4);
      expect(await s.claim()).toEqual([]);
    });

    test("after a claim that found nothing, gives all that came, in order, and each to one of two claimers", async () => {
      const s = stage();
      expect(await s.claim()).toEqual([]);
      const [low, high] = [await s.enqueueMany(3), await s.enqueue({ priority: 5 })];
      expect(idsOf(await s.claim())).toEqual([high, ...low]);
      for (let round = 0; round < 5; round++) {
        const queue = `${s.queue}-${round}`;
        const request = { queues: [queue], max: 10, lease: 60_000 };
        const claimers = [s.broker, s.other].map((broker, i) => ({ broker, worker: `w-${i}` }));
        const claims = ({ broker, worker }: (typeof claimers)[number]) => broker.claim({ ...request, worker });
        await Promise.all(claimers.map(claims));
        const jobs = Array.from({ length: 8 }, () => s.newJob({ queue }));
        await s.broker.enqueue(jobs);
        const answers = await Promise.all(claimers.map(claims));
        expect(answers.flatMap((answer) => idsOf(answer.claims)).sort()).toEqual(idsOf(jobs).sort());
      }
    });

    test("leaves alone what is not due, is held, or belongs to another queue", async () => {
      const s = stage();
      await s.started();
      await s.enqueue({ due: { after: hour } });
      await s.enqueue({ queue: `${s.queue}-b` });
      expect(await s.claim()).toEqual([]);
    });

    test("serves several queues at once, and many more than one store request may name", async () => {
      const s = stage();
      const queues = Array.from({ length: 130 }, (_, i) => `${s.queue}/${i}`);
      const jobs = [0, 64, 129].map((i) => s.newJob({ queue: queues[i] ?? "" }));
      await s.broker.enqueue(jobs);
      expect(idsOf(await s.claim({ queues, max: 10 })).sort()).toEqual(idsOf(jobs).sort());
    });

    test("a queue named twice gives each job once", async () => {
      const s = stage();
      const ids = await s.enqueueMany(3);
      expect(idsOf(await s.claim({ queues: [s.queue, s.queue] })).sort()).toEqual(ids.sort());
    });

    test("counts deliveries and attempts: a run that was given back was no attempt", async () => {
      const s = stage();
      await s.settle(await s.started(), giveBack);
      const second = await s.claimOne();
      expect(second).toMatchObject({ attempt: 1, deliveries: 2, lost: 0 });
      await s.settle(second, retry);
      expect(await s.claimOne()).toMatchObject({ attempt: 2, deliveries: 3, lost: 0 });
    });

    test("each claim of one worker has tokens of its own, at the same time and in turn", async () => {
      const s = stage();
      await s.enqueueMany(20);
      const asked = [s.claim({ max: 5 }), s.claim({ max: 5 }, s.other), s.claim({ max: 5 })];
      const batches = [...(await Promise.all(asked)), await s.claim({ max: 20 })];
      expect(new Set(batches.flatMap(idsOf)).size).toBe(20);
      const tokens = batches.flatMap((claims) => [...new Set(claims.map((claim) => claim.token))]);
      expect(new Set(tokens).size).toBe(tokens.length);
    });
  });
}
