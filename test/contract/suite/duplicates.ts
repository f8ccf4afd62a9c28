import { describe, expect, test } from "@jest/globals";
import type { KeyUntil, NewJob, OnDuplicate } from "@tandemq/core";
import { giveBack, hour, idsOf, type Stage } from "../stage.js";

const asked = (onDuplicate: OnDuplicate, over: Partial<NewJob> = {}, until: KeyUntil = "start"): Partial<NewJob> => ({
  key: { value: "k", until },
  onDuplicate,
  ...over,
});
const [oldParent, newParent] = ["a".repeat(24), "b".repeat(24)];
const met = (id: string, change?: "replaced" | "extended") => ({ state: "enqueued", id, created: false, change });

export function duplicatesContract(stage: () => Stage): void {
  describe("a key that is taken by a waiting job", () => {
    test("replace: it becomes the new one, under its own id", async () => {
      const s = stage();
      const id = await s.enqueue(asked("keep", { tags: ["old"], settings: { attempts: 2 } }));
      const over = { params: '{"n":2}', path: "other.task", priority: 3, tags: ["new"] };
      expect(await s.other.enqueue([s.newJob(asked("replace", over))])).toEqual([met(id, "replaced")]);
      expect(await s.claim()).toMatchObject([{ id, ...over, settings: {} }]);
      expect(await s.claim()).toEqual([]);
    });

    test.each([
      ["of its own", oldParent, oldParent],
      ["that it has not", undefined, undefined],
    ])("replaced, it keeps the parent %s: the new one may descend from it", async (_, parent, kept) => {
      const s = stage();
      const id = await s.enqueue(asked("keep", { ...(parent ? { parent } : {}), meta: { parent: "a word" } }));
      const meta = { parent: newParent, other: "x" };
      const over = { parent: newParent, meta, tags: ["new"] };
      expect(await s.other.enqueue([s.newJob(asked("replace", over))])).toEqual([met(id, "replaced")]);
      const job = await s.job(id);
      expect(job).toMatchObject({ tags: ["new"], meta });
      expect(job?.parent).toBe(kept);
      expect(await s.other.enqueue([s.newJob(asked("replace"))])).toEqual([met(id, "replaced")]);
      expect((await s.job(id))?.parent).toBe(kept);
    });

    test("replace moves its due time there and back", async () => {
      const s = stage();
      const id = await s.enqueue(asked("keep"));
      await s.broker.enqueue([s.newJob(asked("replace", { due: { after: hour } }))]);
      expect(await s.claim()).toEqual([]);
      const due = (await s.job(id))?.due?.getTime() ?? 0;
      await s.broker.enqueue([s.newJob(asked("replace", { due: { at: due + hour } }))]);
      expect((await s.job(id))?.due?.getTime()).toBe(due + hour);
      await s.broker.enqueue([s.newJob(asked("replace", { params: '{"n":9}' }))]);
      expect(await s.claim()).toMatchObject([{ id, params: '{"n":9}' }]);
    });

    test("extend: only its due time moves", async () => {
      const s = stage();
      const id = await s.enqueue(asked("extend", { due: { after: 1 }, priority: 2 }));
      const later = s.newJob(asked("extend", { due: { after: hour }, params: '{"n":2}', priority: 9 }));
      expect(await s.broker.enqueue([later])).toEqual([met(id, "extended")]);
      expect(await s.claim()).toEqual([]);
      expect(await s.job(id)).toMatchObject({ params: { n: 1 }, priority: 2, status: "queued" });
      await s.broker.enqueue([s.newJob(asked("extend"))]);
      expect(await s.claim()).toMatchObject([{ id, params: '{"n":1}', priority: 2 }]);
    });

    test("one that is in line keeps its place", async () => {
      const s = stage();
      const first = await s.enqueue(asked("keep"));
      const second = await s.enqueue();
      await s.broker.enqueue([s.newJob(asked("replace", { params: '{"n":2}' })), s.newJob(asked("extend"))]);
      expect(idsOf(await s.claim())).toEqual([first, second]);
    });

    test("one that is put off has its place by its new time", async () => {
      const s = stage();
      const id = await s.enqueue(asked("keep"));
      await s.broker.enqueue([s.newJob(asked("extend", { due: { after: 50 } }))]);
      await s.clockPasses((await s.job(id))?.due);
      const other = await s.enqueue({ due: { after: 0 } });
      expect(idsOf(await s.claim()).sort()).toEqual([id, other].sort());
    });

    test.each(["replace", "extend"] as const)("%s leaves a started one alone", async (onDuplicate) => {
      const s = stage();
      const first = await s.started(asked("keep", {}, "finish"));
      const job = s.newJob(asked(onDuplicate, { params: '{"n":2}', due: { after: hour } }, "finish"));
      expect(await s.broker.enqueue([job])).toEqual([met(first.id)]);
      expect(await s.job(first.id)).toMatchObject({ status: "started", params: { n: 1 } });
      await s.settle(first, giveBack);
      expect(await s.broker.enqueue([job])).toEqual([
        met(first.id, onDuplicate === "replace" ? "replaced" : "extended"),
      ]);
    });

    test("until start: once it has started, replace makes a new job", async () => {
      const s = stage();
      await s.started(asked("keep"));
      const job = s.newJob(asked("replace"));
      expect(await s.broker.enqueue([job])).toEqual([{ state: "enqueued", id: job.id, created: true }]);
    });

    test("in one batch the last one counts", async () => {
      const s = stage();
      const jobs = [1, 2, 3].map((n) => s.newJob(asked("replace", { params: `{"n":${n}}` })));
      const id = jobs[0]?.id ?? "";
      expect(await s.broker.enqueue(jobs)).toEqual([
        { state: "enqueued", id, created: true },
        met(id, "replaced"),
        met(id, "replaced"),
      ]);
      expect(await s.claim()).toMatchObject([{ id, params: '{"n":3}' }]);
    });

    test("racing with its claim, what is acknowledged is run", async () => {
      const s = stage();
      let last = 0;
      const seen: string[] = [];
      const change = async () => {
        for (let n = 1; n <= 40; n++) {
          await s.broker.enqueue([s.newJob(asked("replace", { params: `{"n":${n}}` }))]);
          last = n;
        }
      };
      const take = async () => {
        while (last < 40) for (const claim of await s.claim({}, s.other)) seen.push(claim.params);
        for (const claim of await s.claim({}, s.other)) seen.push(claim.params);
      };
      await Promise.all([change(), take()]);
      expect(seen.at(-1)).toBe('{"n":40}');
      expect(new Set(seen).size).toBe(seen.length);
    });
  });
}
