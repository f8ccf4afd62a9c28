import { describe, expect, test } from "@jest/globals";
import type { JobFilter, JobId } from "@tandemq/core";
import { failure, giveBack, hour, type Stage } from "../stage.js";

const sorted = (ids: readonly JobId[]): JobId[] => [...ids].sort();

export function selectContract(stage: () => Stage): void {
  describe("select", () => {
    const select = async (s: Stage, filter: JobFilter) =>
      sorted((await s.broker.select({ queue: s.queue, ...filter })).map(({ id }) => id));

    test("names every job of a long queue, wherever it stands, and no other", async () => {
      const s = stage();
      const held = await s.started();
      const back = await s.ended(giveBack);
      await s.enqueue({ queue: `${s.queue}-other` });
      const waiting = await s.enqueueMany(6000);
      const delayed = await s.enqueueMany(100, { due: { after: hour } });
      const all = [held.id, back.id, ...waiting, ...delayed];
      expect(await select(s, {})).toEqual(sorted(all));
      expect(await select(s, { status: ["queued"] })).toEqual(sorted([...waiting, ...delayed]));
      expect(await select(s, { status: ["started"] })).toEqual([held.id]);
      expect(await select(s, { limit: 10 })).toHaveLength(10);
    });

    test("by task, id, tags and params", async () => {
      const s = stage();
      const tagged = await s.enqueue({ tags: ["a", "b"], params: '{"n":1,"who":{"name":"x.y","$id":7},"list":[1,2]}' });
      const other = await s.enqueue({ path: "other.task", tags: ["a"], params: '{"n":[1],"who":null}' });
      expect(await select(s, { path: "other.task" })).toEqual([other]);
      expect(await select(s, { ids: [tagged] })).toEqual([tagged]);
      expect(await select(s, { tags: ["a"] })).toEqual(sorted([tagged, other]));
      expect(await select(s, { tags: ["b", "a"] })).toEqual([tagged]);
      if (s.subject.findsParams === false) return;
      expect(await select(s, { params: { n: 1 } })).toEqual([tagged]);
      expect(await select(s, { params: { who: { $id: 7 } } })).toEqual([tagged]);
      expect(await select(s, { params: { who: { name: "x.y" }, list: [1, 2] } })).toEqual([tagged]);
      expect(await select(s, { params: { list: [1] } })).toEqual([]);
      expect(await select(s, { params: { who: null } })).toEqual([other]);
      expect(await select(s, { params: { missing: null } })).toEqual([]);
      expect(await select(s, { params: { who: {} } })).toEqual([tagged]);
    });

    test("by worker, error and time", async () => {
      const s = stage();
      const held = await s.started();
      expect(await select(s, { worker: "worker-1" })).toEqual([held.id]);
      expect(await select(s, { worker: "worker-2" })).toEqual([]);
      const again = await s.ended({ status: "retry", delay: hour, error: { name: "RangeError", message: "a (b) c" } });
      expect(await select(s, { error: { name: "RangeError" } })).toEqual([again.id]);
      expect(await select(s, { error: { text: "(b)" } })).toEqual([again.id]);
      expect(await select(s, { error: { name: "Error", text: "(b)" } })).toEqual([]);
      const queued = (await s.job(again.id))?.queuedAt as Date;
      expect(await select(s, { ids: [again.id], queued: { from: queued, to: queued } })).toEqual([again.id]);
      expect(await select(s, { queued: { to: new Date(queued.getTime() - hour) } })).toEqual([]);
      expect(await select(s, { finished: { to: new Date(queued.getTime() + hour) } })).toEqual([]);
    });

    test("jobs that are over, where they are kept", async () => {
      const s = stage();
      if (!s.subject.keepsFailures) return;
      const { id } = await s.ended(failure);
      expect(await select(s, { status: ["failed"] })).toEqual([id]);
      expect(await select(s, { error: { text: "oom" }, finished: { from: new Date(0) } })).toEqual([id]);
    });

    test("no job was queued later than the store's now", async () => {
      const s = stage();
      const id = await s.enqueue();
      const now = await s.other.now();
      const queuedAt = (await s.job(id))?.queuedAt.getTime() ?? 0;
      expect(now).toBeGreaterThanOrEqual(queuedAt);
      expect(now - queuedAt).toBeLessThan(hour);
    });
  });

  describe("edit of many", () => {
    test("answers each, and moves those that wait", async () => {
      const s = stage();
      const held = await s.started();
      const ids = await s.enqueueMany(300);
      const queue = `${s.queue}-b`;
      const refs = [held.id, ...ids, "ffffffffffffffffffffffff"].map((id) => s.ref(id));
      expect(await s.broker.edit(refs, { queue })).toEqual(["started", ...ids.map(() => "done"), "missing"]);
      expect(sorted((await s.broker.select({ queue })).map(({ id }) => id))).toEqual(sorted(ids));
      expect((await s.claim({ queues: [queue], max: 3 })).map(({ id }) => id)).toEqual(ids.slice(0, 3));
    });
  });
}
