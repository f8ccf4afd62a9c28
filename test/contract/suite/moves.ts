import { describe, expect, test } from "@jest/globals";
import { type Broker, type Departure, isDeparture, type Job, type JobId, MemoryBroker, newJobId } from "@tandemq/core";
import { failure, giveBack, hour, idsOf, retry, type Stage, success } from "../stage.js";

const unknown = "ffffffffffffffffffffffff";

/** A waiting job, as it comes from elsewhere. */
function jobFrom(s: Stage, over: Partial<Job> = {}): Job {
  const queuedAt = new Date(Date.now() - hour);
  return {
    ...{ v: 1, id: newJobId(), queue: s.queue, path: "test.task", params: { n: 1 }, priority: 0, status: "queued" },
    ...{ generation: 1, attempt: 0, deliveries: 0, lost: 0, settings: {}, queuedAt, due: queuedAt, history: [] },
    ...over,
  };
}

/** One that ran before, with all that a job can have. */
function begun(s: Stage, over: Partial<Job> = {}): Job {
  const [startedAt, finishedAt] = [new Date(Date.now() - 5000), new Date(Date.now() - 4000)];
  const error = { name: "Error", message: "again", stack: "where\nand there" };
  return jobFrom(s, {
    ...{
      status: "retry",
      attempt: 1,
      deliveries: 2,
      lost: 1,
      priority: 3,
      generation: 2,
      tags: ["t"],
      meta: { m: "1" },
    },
    ...{ settings: { attempts: 5 }, parent: newJobId(), key: { value: "k", until: "finish" } },
    history: [
      { attempt: 1, status: "interrupt", startedAt, finishedAt, worker: "w-1" },
      { attempt: 1, status: "retry", startedAt, finishedAt, worker: "w-1", error },
    ],
    ...over,
  });
}

/** What has to be the same wherever the job is. */
function identity(job: Job | undefined): unknown {
  const { id, path, params, priority, key, status, generation, attempt, deliveries, lost } = job ?? jobFromNowhere;
  const { settings, tags, parent, meta, startBy, history, queuedAt } = job ?? jobFromNowhere;
  const own = { id, path, params, priority, key, status, generation, attempt, deliveries, lost };
  return JSON.parse(JSON.stringify({ ...own, settings, tags, parent, meta, startBy, queuedAt, history }));
}

const jobFromNowhere = {} as Job;

async function departed(broker: Broker, s: Stage, ids: readonly JobId[]): Promise<Departure[]> {
  return (await broker.depart(ids.map((id) => s.ref(id)))).filter(isDeparture);
}

export function movesContract(stage: (shape?: string) => Stage): void {
  describe("a job that goes to another broker", () => {
    test("goes whole, and leaves nothing", async () => {
      const s = stage();
      const elsewhere = new MemoryBroker();
      const more = { tags: ["a", "b"], meta: { m: "1" }, settings: { attempts: 4 }, parent: newJobId(), priority: -2 };
      const key = { value: "k", until: "finish" } as const;
      const first = await s.started({ ...more, key, startBy: { after: hour } });
      await s.settle(first, { ...retry, delay: hour } as typeof retry);
      const before = await s.job(first.id);
      const departures = await departed(s.broker, s, [first.id]);
      expect(
        await elsewhere.receive(
          departures.map(({ job }) => job),
          hour,
        ),
      ).toEqual(["done"]);
      expect(await s.broker.leave(departures)).toEqual(["done"]);
      await elsewhere.arrive(departures.map(({ job }) => job));
      const [after] = await elsewhere.get([first]);
      expect(identity(after)).toEqual(identity(before));
      expect(Math.abs((after?.due?.getTime() ?? 0) - (before?.due?.getTime() ?? 0))).toBeLessThan(2);
      expect(await s.job(first.id)).toBeUndefined();
      expect((await s.broker.counts([s.queue])).get(s.queue)).toMatchObject({
        queued: 0,
        retry: 0,
        started: 0,
        cancel: 0,
      });
      expect(await s.broker.enqueue([s.newJob({ key })])).toMatchObject([{ created: true }]);
    });

    test("is told why it does not, or is still here when somebody claimed it meanwhile", async () => {
      const s = stage();
      const held = await s.started();
      const over = await s.ended(failure);
      const fresh = await s.enqueue();
      const refs = [held.id, over.id, unknown].map((id) => s.ref(id));
      expect(await s.broker.depart(refs)).toEqual([
        "started",
        s.subject.keepsFailures ? "final" : "missing",
        "missing",
      ]);
      const departures = await departed(s.broker, s, [fresh]);
      const [claim] = await s.claim();
      expect(await s.broker.leave(departures)).toEqual([claim ? "started" : "done"]);
      if (claim) expect(await s.settle(claim, success)).toBe("settled");
      expect(await s.claim()).toEqual([]);
    });

    test("is not taken from whoever changed it meanwhile", async () => {
      const s = stage();
      const id = await s.enqueue();
      const departures = await departed(s.broker, s, [id]);
      const [edited] = await s.other.edit([s.ref(id)], { params: '{"n":2}' });
      const [answer] = await s.broker.leave(departures);
      expect([edited, answer]).toEqual(edited === "done" ? ["done", "waiting"] : ["started", "done"]);
      expect((await s.job(id))?.params).toEqual(edited === "done" ? { n: 2 } : undefined);
    });

    test("departs for one mover only", async () => {
      const s = stage();
      const id = await s.enqueue();
      const [first, second] = [await departed(s.broker, s, [id]), await departed(s.other, s, [id])];
      const left = [...(await s.broker.leave(first)), ...(await s.other.leave(second))];
      expect(left.filter((answer) => answer === "done")).toHaveLength(1);
      expect(await s.claim()).toEqual([]);
    });

    test("that stays stands where it was", async () => {
      const s = stage();
      const [a, b] = [await s.enqueue(), await s.enqueue()];
      const delayed = await s.enqueue({ due: { after: hour } });
      const back = await s.started({ priority: 5 });
      await s.settle(back, { ...retry, delay: hour } as typeof retry);
      const refs = [a, b, delayed, back.id].map((id) => s.ref(id));
      const before = await s.broker.get(refs);
      await s.broker.stay(await departed(s.broker, s, [a, delayed, back.id]));
      const after = await s.broker.get(refs);
      expect(after.map(identity)).toEqual(before.map(identity));
      expect(after.slice(2).map((job) => job?.due)).toEqual(before.slice(2).map((job) => job?.due));
      expect(idsOf(await s.claim())).toEqual([a, b]);
    });
  });

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
