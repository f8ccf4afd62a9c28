import { describe, expect, test } from "@jest/globals";
import { hour, idsOf, retry, type Stage } from "../stage.js";

export function sortedContract(stage: (shape: string) => Stage): void {
  describe("a sorted queue", () => {
    test("hands out the lowest score first, whatever came first", async () => {
      const s = stage("sorted");
      const scores = [10, -3.5, 0, 1e15, 10.25];
      const ids = [];
      for (const score of scores) ids.push(await s.enqueue({ score }));
      const [ten, lowest, zero, most, more] = ids;
      expect(idsOf(await s.broker.find({ queue: s.queue, order: "head" }))).toEqual([lowest, zero, ten, more, most]);
      const claims = await s.claim();
      expect(idsOf(claims)).toEqual([lowest, zero, ten, more, most]);
      expect(claims.map(({ score }) => score)).toEqual([-3.5, 0, 10, 10.25, 1e15]);
    });

    test("a job keeps its score through a retry, a delay and an edit", async () => {
      const s = stage("sorted");
      const first = await s.started({ score: 5 });
      const later = await s.enqueue({ score: 1, due: { after: hour } });
      const last = await s.enqueue({ score: 9 });
      await s.settle(first, retry);
      await s.broker.edit([s.ref(later)], { due: { after: 0 } });
      await s.clockPasses((await s.job(first.id))?.due);
      expect(idsOf(await s.claim())).toEqual([later, first.id, last]);
    });

    test("a priority orders nothing: scores stay the order through an edit and a retry", async () => {
      const s = stage("sorted");
      const retried = await s.started({ score: 7 });
      const [low, high] = [await s.enqueue({ score: 5 }), await s.enqueue({ score: 9 })];
      expect(await s.broker.edit([s.ref(high)], { priority: 9 })).toEqual(["done"]);
      await s.settle(retried, { ...retry, priority: 10 });
      await s.clockPasses((await s.job(retried.id))?.due);
      const claims = await s.claim();
      expect(claims.map(({ id, score }) => [id, score])).toEqual([
        [low, 5],
        [retried.id, 7],
        [high, 9],
      ]);
    });

    test("a histogram counts those in line by score", async () => {
      const s = stage("sorted");
      await s.started({ score: -50 });
      for (const score of [-5, 0, 2.5, 9.5, 10, 70]) await s.enqueue({ score });
      await s.enqueue({ score: 1, due: { after: hour } });
      const { by, slices, others } = await s.broker.histogram(s.queue, { from: 0, to: 10, slices: 2 });
      expect([by, others, ...slices.map(({ count }) => count)]).toEqual(["score", 1, 1, 2, 1, 2]);
      const whole = await s.broker.histogram(s.queue, { slices: 1 });
      expect(whole.slices).toEqual([
        { to: -5, count: 0 },
        { from: -5, to: 71, count: 6 },
        { from: 71, count: 0 },
      ]);
    });

    test("replace gives the job that has the key a new score", async () => {
      const s = stage("sorted");
      const key = { value: "k", until: "start" } as const;
      const [id, other] = [await s.enqueue({ score: 5, key }), await s.enqueue({ score: 3 })];
      expect(idsOf(await s.broker.find({ queue: s.queue, order: "head" }))).toEqual([other, id]);
      const answers = await s.broker.enqueue([s.newJob({ score: 1, key, onDuplicate: "replace" })]);
      expect(answers).toEqual([{ state: "enqueued", id, created: false, change: "replaced" }]);
      expect(idsOf(await s.claim())).toEqual([id, other]);
    });
  });
}
