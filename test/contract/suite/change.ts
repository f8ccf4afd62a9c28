import { describe, expect, test } from "@jest/globals";
import { failure, giveBack, hour, idsOf, retry, type Stage, success } from "../stage.js";

const unknown = "ffffffffffffffffffffffff";

export function changeContract(stage: () => Stage): void {
  describe("cancel", () => {
    test("ends what waits, whatever it waits for, and leaves the rest alone", async () => {
      const s = stage();
      const held = await s.started();
      const over = await s.ended(failure);
      const back = await s.ended(giveBack);
      const [delayed, fresh] = [await s.enqueue({ due: { after: hour } }), await s.enqueue()];
      const refs = [held.id, over.id, back.id, delayed, fresh, unknown].map((id) => s.ref(id));
      const final = s.subject.keepsFailures ? "final" : "missing";
      expect(await s.broker.cancel(refs)).toEqual(["started", final, "done", "done", "done", "missing"]);
      expect(await s.claim()).toEqual([]);
      const job = await s.job(fresh);
      expect(job?.status).toBe(s.subject.keepsFailures ? "cancel" : undefined);
      expect(job?.due).toBeUndefined();
      expect(await s.settle(held, success)).toBe("settled");
    });
  });

  describe("edit", () => {
    test("changes what a claim hands out", async () => {
      const s = stage();
      const id = await s.enqueue();
      expect(await s.broker.edit([s.ref(id)], { params: '{"n":2}', priority: 7 })).toEqual(["done"]);
      expect(await s.job(id)).toMatchObject({ params: { n: 2 }, priority: 7, status: "queued" });
      const claim = await s.claimOne();
      expect(claim).toMatchObject({ id, priority: 7 });
      expect(JSON.parse(claim.params)).toEqual({ n: 2 });
    });

    test("gives other tags, by which jobs are found from then on", async () => {
      const s = stage();
      const odd = ['"],"tags":["', "],", '],"a":', "a]", "100%", "\\", "ü"];
      const meta = { a: "1", tags: '","tags":["b"]' };
      const jobs = [
        { tags: ["a", ...odd] },
        {},
        { tags: ["a"], meta },
        { meta },
        { tags: [], key: { value: "k", until: "start" } },
      ];
      const ids = await s.broker.enqueue(jobs.map((more) => s.newJob(more as object)));
      const refs = ids.map((answer) => s.ref(answer.state === "enqueued" ? answer.id : ""));
      for (const tags of [["b", ...odd], ["c"], [], ["a"]]) {
        expect(await s.broker.edit(refs, { tags })).toEqual(refs.map(() => "done"));
        for (const [i, { id }] of refs.entries()) {
          const { meta: had, key } = jobs[i] as { meta?: object; key?: object };
          expect(await s.job(id)).toMatchObject({
            tags,
            params: { n: 1 },
            ...(had && { meta: had }),
            ...(key && { key }),
          });
        }
        expect(await s.broker.find({ queue: s.queue, tags: ["c"] })).toHaveLength(tags[0] === "c" ? refs.length : 0);
      }
      expect((await s.claim()).map(({ tags }) => tags)).toEqual(refs.map(() => ["a"]));
    });

    test("gives other tags to a job that ran before, and to one that moves", async () => {
      const s = stage();
      const first = await s.ended({ ...retry, delay: 0 } as typeof retry, { tags: ["a"] });
      expect(await s.broker.edit([first], { tags: [] })).toEqual(["done"]);
      expect((await s.job(first.id))?.tags).toEqual([]);
      const claim = await s.claimOne();
      expect(claim).toMatchObject({ id: first.id, tags: [] });
      expect((await s.job(first.id))?.tags).toEqual([]);
      const queue = `${s.queue}-b`;
      const moving = await s.enqueue({ tags: ["a"] });
      expect(await s.broker.edit([s.ref(moving)], { queue, tags: ["d"] })).toEqual(["done"]);
      expect(await s.claim({ queues: [queue] })).toMatchObject([{ id: moving, tags: ["d"] }]);
    });

    test("puts off and brings forward", async () => {
      const s = stage();
      const [a, b] = [await s.enqueue(), await s.enqueue({ due: { after: hour } })];
      expect(await s.broker.edit([s.ref(a)], { due: { after: hour } })).toEqual(["done"]);
      expect(await s.broker.edit([s.ref(b)], { due: { after: 0 } })).toEqual(["done"]);
      expect(idsOf(await s.claim())).toEqual([b]);
    });

    test("a new priority is a new place in line", async () => {
      const s = stage();
      const [a, b, c] = [await s.enqueue(), await s.enqueue(), await s.enqueue()];
      await s.broker.edit([s.ref(c)], { priority: 1 });
      await s.broker.edit([s.ref(a)], { priority: -1 });
      expect(idsOf(await s.claim())).toEqual([c, b, a]);
    });

    test("a new due time is a new place in line, but a job that was claimed before stays in front", async () => {
      const s = stage();
      const first = await s.ended({ ...retry, delay: hour } as typeof retry);
      const delayed = await s.enqueue({ due: { after: hour } });
      const fresh = await s.enqueue();
      await s.clockPasses((await s.job(fresh))?.queuedAt);
      await s.broker.edit([s.ref(delayed)], { due: { after: 0 } });
      await s.clockPasses((await s.job(delayed))?.due);
      await s.broker.edit([s.ref(first.id)], { due: { after: 0 } });
      const newest = await s.enqueue();
      expect(idsOf(await s.claim())).toEqual([first.id, fresh, delayed, newest]);
    });

    test("moves to another queue", async () => {
      const s = stage();
      const id = await s.enqueue();
      const queue = `${s.queue}-b`;
      expect(await s.broker.edit([s.ref(id)], { queue, params: '{"n":3}' })).toEqual(["done"]);
      expect(await s.claim()).toEqual([]);
      expect((await s.claim({ queues: [queue] })).map((claim) => [claim.id, claim.queue, claim.params])).toEqual([
        [id, queue, '{"n":3}'],
      ]);
    });

    test("a job that waits to run again can be edited, and keeps what it went through", async () => {
      const s = stage();
      const first = await s.ended({ ...retry, delay: hour } as typeof retry);
      expect(await s.broker.edit([first], { due: { after: 0 }, params: '{"n":4}' })).toEqual(["done"]);
      expect(await s.claimOne()).toMatchObject({ id: first.id, attempt: 2, deliveries: 2, params: '{"n":4}' });
    });

    test("only what waits", async () => {
      const s = stage();
      const over = await s.ended(failure);
      const held = await s.started();
      expect(await s.broker.edit([held], { priority: 1 })).toEqual(["started"]);
      expect(await s.broker.edit([over], { priority: 1 })).toEqual([s.subject.keepsFailures ? "final" : "missing"]);
      expect(await s.broker.edit([s.ref(unknown)], { priority: 1 })).toEqual(["missing"]);
      expect(await s.job(held.id)).toMatchObject({ priority: 0, status: "started" });
    });
  });

  describe("requeue", () => {
    test("begins a new life, at the end of the line and with its key", async () => {
      const s = stage();
      const key = { value: "k", until: "finish" as const };
      await s.ended({ ...retry, delay: 0 } as typeof retry, { key });
      const over = await s.claimOne();
      await s.settle(over, failure);
      await s.clockPasses(new Date(over.claimedAt));
      const waiting = await s.enqueue();
      await s.clockPasses((await s.job(waiting))?.queuedAt);
      const [answer] = await s.broker.requeue([s.ref(over.id)]);
      if (!s.subject.keepsFailures) return expect(answer).toBe("missing");
      expect(answer).toBe("done");
      const job = await s.job(over.id);
      expect(job).toMatchObject({
        status: "queued",
        generation: 2,
        attempt: 0,
        deliveries: 0,
        lost: 0,
        params: { n: 1 },
      });
      expect(job?.finishedAt ?? job?.error ?? job?.result).toBeUndefined();
      const same = { id: over.id, created: false };
      expect(await s.broker.enqueue([s.newJob({ key, due: { after: hour } })])).toMatchObject([same]);
      const claims = await s.claim();
      expect(idsOf(claims)).toEqual([waiting, over.id]);
      expect(claims[1]).toMatchObject({ generation: 2, attempt: 1, deliveries: 1, lost: 0 });
    });

    test.each(["start", "finish"] as const)(
      "whose key (until %s) is taken is told so, the rest goes on",
      async (until) => {
        const s = stage();
        const [mine, theirs] = [
          { value: "mine", until },
          { value: "theirs", until },
        ];
        const dead = [];
        for (const key of [mine, mine, theirs, undefined]) dead.push(await s.ended(failure, key ? { key } : {}));
        const owner = await s.enqueue({ key: theirs, due: { after: hour } });
        const answers = await s.broker.requeue(dead.map(({ id }) => s.ref(id)));
        if (!s.subject.keepsFailures) return expect(answers).toEqual(dead.map(() => "missing"));
        expect(answers).toEqual(["done", "keyTaken", "keyTaken", "done"]);
        expect(await s.job(dead[2]!.id)).toMatchObject({ status: "failed", generation: 1, key: theirs });
        expect(idsOf(await s.claim())).toEqual([dead[0]!.id, dead[3]!.id]);
        await s.broker.remove([s.ref(owner)]);
        expect(await s.broker.requeue([s.ref(dead[2]!.id)])).toEqual(["done"]);
        expect(await s.claimOne()).toMatchObject({ id: dead[2]!.id, generation: 2, key: theirs });
      },
    );

    test("after a move to another queue takes its key there", async () => {
      const s = stage();
      const [key, queue] = [{ value: "k", until: "finish" as const }, `${s.queue}-other`];
      const moved = { id: await s.enqueue({ key }), queue };
      expect(await s.broker.edit([s.ref(moved.id)], { queue })).toEqual(["done"]);
      const claim = await s.claimOne({ queues: [queue] });
      expect(claim.key).toEqual(key);
      await s.settle(claim, failure);
      const owner = await s.enqueue({ queue, key });
      if (s.subject.keepsFailures) expect(await s.broker.requeue([moved])).toEqual(["keyTaken"]);
      expect((await s.job(owner, queue))?.key).toEqual(key);
    });

    test("in another queue begins the new life there, with its key, unless that is taken", async () => {
      const s = stage();
      if (!s.broker.requeueInto) return;
      const queue = `${s.queue}-other`;
      const [mine, theirs] = ["mine", "theirs"].map((value) => ({ value, until: "finish" as const }));
      const dead = [];
      for (const key of [mine, theirs, undefined]) dead.push(await s.ended(failure, key ? { key } : {}));
      const owner = await s.enqueue({ queue, key: theirs! });
      const waiting = await s.enqueue();
      const refs = [...dead.map(({ id }) => id), waiting, unknown].map((id) => s.ref(id));
      expect(await s.broker.requeueInto(refs, queue)).toEqual(["done", "keyTaken", "done", "waiting", "missing"]);
      expect(await s.job(dead[0]!.id)).toBeUndefined();
      expect(await s.job(dead[1]!.id)).toMatchObject({ status: "failed", generation: 1 });
      const same = { id: dead[0]!.id, created: false };
      expect(await s.broker.enqueue([s.newJob({ queue, key: mine! })])).toMatchObject([same]);
      const claims = await s.claim({ queues: [queue] });
      expect(idsOf(claims)).toEqual([owner, dead[0]!.id, dead[2]!.id]);
      expect(claims[1]).toMatchObject({ queue, generation: 2, attempt: 1, deliveries: 1, lost: 0, params: '{"n":1}' });
      expect(idsOf(await s.claim())).toEqual([waiting]);
    });

    test("of a cancelled and of a successful job", async () => {
      const s = stage();
      const id = await s.enqueue();
      await s.broker.cancel([s.ref(id)]);
      const over = await s.ended(success);
      const expected = [s.subject.keepsFailures ? "done" : "missing", s.subject.keepsSuccesses ? "done" : "missing"];
      expect(await s.broker.requeue([s.ref(id), s.ref(over.id)])).toEqual(expected);
      expect(await s.claim()).toHaveLength(expected.filter((answer) => answer === "done").length);
    });

    test("only what is over, and once", async () => {
      const s = stage();
      const held = await s.started();
      const waiting = await s.enqueue();
      expect(await s.broker.requeue([held, s.ref(waiting), s.ref(unknown)])).toEqual(["started", "waiting", "missing"]);
      await s.settle(held, failure);
      const both = await Promise.all([s.broker.requeue([held]), s.other.requeue([held])]);
      const kept = s.subject.keepsFailures;
      for (const answer of both.flat()) expect(kept ? ["done", "waiting", "started"] : ["missing"]).toContain(answer);
      if (kept) expect(both.flat()).toContain("done");
      const claims = await s.claim();
      expect(idsOf(claims).sort()).toEqual([waiting, ...(kept ? [held.id] : [])].sort());
      if (kept) expect(claims.find(({ id }) => id === held.id)?.generation).toBe(2);
    });
  });

  describe("remove", () => {
    test("deletes what waits and what is over, not what runs", async () => {
      const s = stage();
      const held = await s.started();
      const over = await s.ended(failure);
      const waiting = await s.enqueue();
      const refs = [held.id, over.id, waiting, unknown].map((id) => s.ref(id));
      const done = s.subject.keepsFailures ? "done" : "missing";
      expect(await s.broker.remove(refs)).toEqual(["started", done, "done", "missing"]);
      expect((await s.broker.get(refs)).map((job) => job?.id)).toEqual([held.id, undefined, undefined, undefined]);
      expect(await s.claim()).toEqual([]);
      expect(await s.settle(held, success)).toBe("settled");
    });
  });

  describe("purge", () => {
    test("deletes all that waits in the queue, and only that", async () => {
      const s = stage();
      const elsewhere = await s.enqueue({ queue: `${s.queue}-b` });
      const over = await s.ended(failure);
      await s.ended({ ...retry, delay: hour } as typeof retry);
      const held = await s.started();
      await s.enqueueMany(1200);
      await s.enqueueMany(3, { due: { after: hour } });
      expect(await s.broker.purge(s.queue)).toBe(1204);
      expect(await s.claim()).toEqual([]);
      expect((await s.broker.counts([s.queue])).get(s.queue)).toMatchObject({ queued: 0, retry: 0, started: 1 });
      expect((await s.job(over.id))?.status).toBe(s.subject.keepsFailures ? "failed" : undefined);
      expect((await s.job(elsewhere, `${s.queue}-b`))?.status).toBe("queued");
      expect(await s.settle(held, success)).toBe("settled");
      expect(await s.broker.purge(`${s.queue}-empty`)).toBe(0);
    });
  });
}
