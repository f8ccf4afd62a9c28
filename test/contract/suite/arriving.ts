import { describe, expect, test } from "@jest/globals";
import { isDeparture, MemoryBroker, newJobId } from "@tandemq/core";
import { failure, giveBack, hour, idsOf, type Stage, success } from "../stage.js";
import { begun, departed, identity, jobFrom } from "./moving-jobs.js";

export function arrivingContract(stage: (shape?: string) => Stage): void {
  describe("a job that comes from another broker", () => {
    test("is parked, and then in line as it was", async () => {
      const s = stage();
      const job = begun(s);
      expect(await s.broker.receive([job], hour)).toEqual(["done"]);
      expect(await s.claim()).toEqual([]);
      await s.broker.arrive([job]);
      expect(identity(await s.job(job.id))).toEqual(identity(job));
      const claim = await s.claimOne();
      expect(claim).toMatchObject({ id: job.id, generation: 2, attempt: 2, deliveries: 3, lost: 1, priority: 3 });
      expect(claim).toMatchObject({ key: job.key, tags: ["t"], parent: job.parent, settings: { attempts: 5 } });
      expect(await s.settle(claim, success)).toBe("settled");
      expect(await s.claim()).toEqual([]);
      const over = await s.job(job.id);
      if (s.subject.keepsSuccesses) expect(over?.history).toMatchObject(job.history);
      else expect(over).toBeUndefined();
    });

    test("comes once, however often it is sent", async () => {
      const s = stage();
      const job = begun(s);
      expect(await s.broker.receive([job], hour)).toEqual(["done"]);
      expect(await s.other.receive([job], hour)).toEqual(["done"]);
      await s.other.arrive([job]);
      const claim = await s.claimOne();
      expect(await s.broker.receive([job], hour)).toEqual(["done"]);
      await s.broker.arrive([job]);
      expect(await s.claim()).toEqual([]);
      expect(await s.settle(claim, success)).toBe("settled");
    });

    test("comes due by itself when it does not arrive, and can leave again while it is parked", async () => {
      const s = stage();
      const [left, late] = [jobFrom(s), jobFrom(s)];
      expect(await s.broker.receive([left], hour)).toEqual(["done"]);
      expect(await s.broker.receive([late], 1)).toEqual(["done"]);
      expect(await s.broker.leave(await departed(s.broker, s, [left.id]))).toEqual(["done"]);
      await s.clockPasses(new Date(Date.now() + 50));
      expect(idsOf(await s.claim())).toEqual([late.id]);
      await s.broker.arrive([left, late]);
      expect(await s.claim()).toEqual([]);
      expect(await s.job(left.id)).toBeUndefined();
    });

    test("leaves with its own due time while it is parked, and is parked still if it stays", async () => {
      const s = stage();
      const job = jobFrom(s, { due: new Date(Date.now() - 1000) });
      await s.broker.receive([job], hour);
      const [departure] = await departed(s.broker, s, [job.id]);
      expect(Math.abs((departure?.job.due?.getTime() ?? 0) - (job.due?.getTime() ?? 0))).toBeLessThan(2);
      await s.broker.stay(departure ? [departure] : []);
      expect(await s.claim()).toEqual([]);
      await s.broker.arrive([job]);
      expect(idsOf(await s.claim())).toEqual([job.id]);
    });

    test("is refused where somebody takes it away, or is not taken away any more", async () => {
      const s = stage();
      const id = await s.enqueue();
      const departures = await departed(s.broker, s, [id]);
      const back = departures.map(({ job }) => job);
      const received = await s.other.receive(back, hour);
      const left = await s.broker.leave(departures);
      expect([received, left]).toEqual(received[0] === "done" ? [["done"], ["waiting"]] : [["started"], ["done"]]);
    });

    test("is its mover's until it arrives: nobody else moves, brings, edits or cancels it", async () => {
      const s = stage();
      const [mine, other] = [newJobId(), newJobId()];
      const [dropped, arrived] = [jobFrom(s), begun(s)];
      const refs = [s.ref(dropped.id), s.ref(arrived.id)];
      expect(await s.broker.receive([dropped, arrived], hour, mine)).toEqual(["done", "done"]);
      const started = ["started", "started"];
      expect(await s.other.receive([dropped, arrived], hour, other)).toEqual(started);
      expect(await s.other.depart(refs)).toEqual(started);
      expect(await s.other.depart(refs, "waiting", other)).toEqual(started);
      expect(await s.other.edit(refs, { params: '{"n":9}' })).toEqual(started);
      expect(await s.other.edit(refs, { queue: `${s.queue}-2` })).toEqual(started);
      expect(await s.other.cancel(refs)).toEqual(started);
      expect(await s.broker.receive([dropped], hour, mine)).toEqual(["done"]);
      const departures = (await s.broker.depart([s.ref(dropped.id)], "waiting", mine)).filter(isDeparture);
      expect(await s.broker.leave(departures)).toEqual(["done"]);
      await s.broker.arrive([arrived]);
      expect(await s.other.edit(refs, { params: '{"n":9}' })).toEqual(["missing", "done"]);
      expect((await s.other.depart([s.ref(arrived.id)])).every(isDeparture)).toBe(true);
    });

    test("is due at its own time when it changes its queue while it is parked", async () => {
      const s = stage();
      const queue = `${s.queue}-2`;
      const [now, later] = [jobFrom(s), jobFrom(s, { due: new Date(Date.now() + 2 * hour) })];
      await s.broker.receive([now, later], hour);
      expect(await s.broker.edit([s.ref(now.id), s.ref(later.id)], { queue })).toEqual(["done", "done"]);
      expect(idsOf(await s.claim({ queues: [queue] }))).toEqual([now.id]);
      expect((await s.job(later.id, queue))?.due).toEqual(later.due);
    });

    test("keeps its place among those that are there", async () => {
      const s = stage();
      const now = Date.now();
      const at = (ago: number) => ({ queuedAt: new Date(now - ago), due: new Date(now - ago) });
      const there = await s.enqueue();
      const [old, older, high] = [
        jobFrom(s, at(60_000)),
        jobFrom(s, at(90_000)),
        jobFrom(s, { ...at(10), priority: 1 }),
      ];
      const delayed = jobFrom(s, { due: new Date(now + hour) });
      const back = jobFrom(s, { ...at(120_000), due: new Date(now), deliveries: 1, status: "interrupt" });
      const jobs = [old, older, high, delayed, back];
      expect(await s.broker.receive(jobs, hour)).toEqual(jobs.map(() => "done"));
      await s.broker.arrive(jobs);
      expect(idsOf(await s.claim())).toEqual([high.id, back.id, older.id, old.id, there]);
      expect((await s.job(delayed.id))?.due).toEqual(delayed.due);
    });

    test.each(["start", "finish"] as const)(
      "takes its key (until %s), or is refused where it is another's",
      async (until) => {
        const s = stage();
        const [mine, taken] = [
          { value: "mine", until },
          { value: "taken", until },
        ];
        const owner = await s.enqueue({ key: taken });
        const [free, other] = [jobFrom(s, { key: mine }), jobFrom(s, { key: taken })];
        const ran = begun(s, { key: taken });
        const answer = until === "start" ? "done" : "keyTaken";
        expect(await s.broker.receive([free, other, ran], hour)).toEqual(["done", "keyTaken", answer]);
        expect(await s.job(other.id)).toBeUndefined();
        const asked = await s.broker.enqueue([s.newJob({ key: mine }), s.newJob({ key: taken })]);
        expect(asked).toMatchObject([
          { id: free.id, created: false },
          { id: owner, created: false },
        ]);
      },
    );

    test("takes the time of its key along, which is free where it was", async () => {
      const s = stage();
      const key = { value: "k", until: "start", for: hour } as const;
      const id = await s.enqueue({ key });
      expect(await s.broker.leave(await departed(s.broker, s, [id]))).toEqual(["done"]);
      const job = jobFrom(s, { key, queuedAt: new Date() });
      expect(await s.broker.receive([job], hour)).toEqual(["done"]);
      await s.broker.arrive([job]);
      await s.settle(await s.claimOne(), success);
      expect(await s.broker.enqueue([s.newJob({ key })])).toMatchObject([{ id: job.id, created: false }]);
    });

    test("takes the place of an earlier life that is over, and of no living job", async () => {
      const s = stage();
      const over = await s.ended(failure);
      const living = await s.enqueue();
      const next = jobFrom(s, { id: over.id, generation: 2 });
      expect(await s.broker.receive([next, jobFrom(s, { id: living, params: { n: 9 } })], hour)).toEqual([
        "done",
        "done",
      ]);
      await s.broker.arrive([next]);
      const claims = await s.claim();
      expect(idsOf(claims).sort()).toEqual([over.id, living].sort());
      expect(claims.map(({ params }) => params)).toEqual(['{"n":1}', '{"n":1}']);
      expect(claims.find(({ id }) => id === over.id)).toMatchObject({ generation: 2, attempt: 1 });
      for (const claim of claims) expect(await s.settle(claim, success)).toBe("settled");
    });

    test("in a queue whose last job is first, has its place by the same time", async () => {
      const s = stage("lifo");
      const there = await s.enqueue();
      const [old, older] = [jobFrom(s), jobFrom(s, { due: new Date(Date.now() - 2 * hour) })];
      await s.broker.receive([old, older], hour);
      await s.broker.arrive([old, older]);
      expect(idsOf(await s.claim())).toEqual([there, old.id, older.id]);
    });

    test("thousands of them, there and back", async () => {
      const s = stage();
      const elsewhere = new MemoryBroker();
      const ids = await s.enqueueMany(2500);
      const back = await s.ended(giveBack, { priority: 1 });
      const there = await departed(s.broker, s, [...ids, back.id]);
      const jobs = there.map(({ job }) => job);
      expect(new Set(await elsewhere.receive(jobs, hour))).toEqual(new Set(["done"]));
      expect(new Set(await s.broker.leave(there))).toEqual(new Set(["done"]));
      const again = await departed(elsewhere, s, [...ids, back.id]);
      expect(new Set(await s.broker.receive(jobs, hour))).toEqual(new Set(["done"]));
      expect(new Set(await elsewhere.leave(again))).toEqual(new Set(["done"]));
      await s.broker.arrive(jobs);
      expect(idsOf(await s.claim({ max: 2501 }))).toEqual([back.id, ...ids]);
    });
  });
}
