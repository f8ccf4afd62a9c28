import { beforeEach, describe, expect, test } from "@jest/globals";
import type { JobId, NewJob } from "@tandemq/core";
import { giveBack, idsOf, type Stage } from "../stage.js";

const sorted = (ids: readonly JobId[]): JobId[] => [...ids].sort();

/** What is done to a job of one call must leave its neighbours alone, however a broker keeps them. */
const states: [name: string, before: (s: Stage, jobs: readonly NewJob[]) => Promise<number>][] = [
  ["all of which wait", async () => 0],
  ["one of which was edited", async (s, jobs) => (await s.broker.edit([jobs[9]!], { params: '{"n":9}' })).length - 1],
  ["some of which were claimed", async (s) => (await s.claim({ max: 8 })).length],
];

export function bulkContract(stage: () => Stage): void {
  describe.each(states)("jobs of one call, %s", (_, before) => {
    let s: Stage;
    let jobs: NewJob[];
    let waiting: NewJob[];
    beforeEach(async () => {
      s = stage();
      jobs = Array.from({ length: 20 }, (_, n) => s.newJob({ params: `{"n":${n}}` }));
      await s.broker.enqueue(jobs);
      await before(s, jobs);
      const queued = new Set(
        (await s.broker.get(jobs)).filter((job) => job?.status === "queued").map((job) => job?.id),
      );
      waiting = jobs.filter(({ id }) => queued.has(id));
    });

    const left = async () => sorted(idsOf(await s.claim({ max: 50 }, s.other)));
    const without = (id: JobId | undefined) => sorted(idsOf(waiting).filter((one) => one !== id));

    test("are found, counted and listed one by one", async () => {
      expect((await s.broker.get(jobs)).map((job) => job?.params)).toEqual(jobs.map((_, n) => ({ n })));
      expect((await s.broker.counts([s.queue])).get(s.queue)?.queued).toBe(waiting.length);
      const filter = { queue: s.queue, status: ["queued"] as const };
      expect(sorted(idsOf(await s.broker.find(filter)))).toEqual(sorted(idsOf(waiting)));
      expect(sorted(idsOf(await s.broker.select(filter)))).toEqual(sorted(idsOf(waiting)));
      expect(await s.broker.find({ ...filter, order: "head", limit: 3 })).toHaveLength(3);
    });

    test("are not added twice", async () => {
      const answers = await s.other.enqueue(jobs);
      expect(answers).toEqual(jobs.map(({ id }) => ({ state: "enqueued", id, created: true })));
      await s.other.enqueue(jobs.slice(7, 11));
      await s.other.enqueue(jobs.slice(11, 12));
      expect(await left()).toEqual(sorted(idsOf(waiting)));
    });

    test("bring those with them that were not there yet, when they are added again", async () => {
      const more = Array.from({ length: 5 }, () => s.newJob());
      await s.other.enqueue([...jobs.slice(15), ...more]);
      expect(await left()).toEqual(sorted([...idsOf(waiting), ...idsOf(more)]));
    });

    test("are cancelled, removed and moved one by one", async () => {
      const [a, b, c] = waiting.slice(-4);
      expect(await s.broker.cancel([a!])).toEqual(["done"]);
      expect(await s.broker.remove([b!])).toEqual(["done"]);
      expect(await s.broker.edit([c!], { queue: `${s.queue}-other` })).toEqual(["done"]);
      expect(await s.broker.remove([b!])).toEqual(["missing"]);
      expect((await s.broker.counts([s.queue])).get(s.queue)?.queued).toBe(waiting.length - 3);
      expect(await left()).toEqual(sorted(idsOf(waiting.filter((one) => one !== a && one !== b && one !== c))));
    });

    test("are edited one by one", async () => {
      const id = waiting.at(-2)!.id;
      expect(await s.broker.edit([s.ref(id)], { priority: 5, params: '{"changed":true}' })).toEqual(["done"]);
      expect(await s.job(id)).toMatchObject({ priority: 5, params: { changed: true } });
      expect((await s.claimOne()).id).toBe(id);
      expect(await left()).toEqual(without(id));
    });

    test("wait already when they are requeued", async () => {
      expect(await s.broker.requeue([waiting[5]!])).toEqual(["waiting"]);
      expect(await left()).toEqual(sorted(idsOf(waiting)));
    });

    test("are purged all together", async () => {
      expect(await s.broker.purge(s.queue)).toBe(waiting.length);
      expect(await left()).toEqual([]);
      expect((await s.broker.counts([s.queue])).get(s.queue)?.queued).toBe(0);
    });

    test("go on waiting in their place when they are given back", async () => {
      const held = await s.claim({ max: 10 });
      const later = await s.enqueueMany(10);
      await s.broker.settle(held.map(({ id, queue, token }) => ({ id, queue, token, outcome: giveBack })));
      const next = [...(await s.claim({ max: 3 })), ...(await s.claim({ max: waiting.length - 3 }))];
      expect(sorted(idsOf(next))).toEqual(sorted(idsOf(waiting)));
      expect(next.map(({ deliveries }) => deliveries).sort((a, b) => a - b)).toEqual(
        waiting.map((_, n) => (n < waiting.length - 10 ? 1 : 2)),
      );
      expect(await left()).toEqual(sorted(later));
    });

    test("are passed over by those who want other tasks", async () => {
      const others = await s.enqueueMany(12, { path: "other.task" });
      expect(await s.claim({ max: 9, paths: { only: ["other.*"] } }, s.other)).toHaveLength(9);
      const some = await s.claim({ max: 9, paths: { only: ["test.*"] } });
      expect(some.every(({ path }) => path === "test.task")).toBe(true);
      expect(some).toHaveLength(9);
      const rest = await s.claim({ max: 50, paths: { except: ["other.*"] } });
      expect(sorted(idsOf([...some, ...rest]))).toEqual(sorted(idsOf(waiting)));
      expect(await left()).toHaveLength(others.length - 9);
    });
  });
}
