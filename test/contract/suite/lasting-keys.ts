import { describe, expect, test } from "@jest/globals";
import type { JobId, NewJob, OnDuplicate, UniqueKey } from "@tandemq/core";
import { waitFor } from "../../support/wait-for.js";
import { failure, giveBack, hour, retry, type Stage, success } from "../stage.js";

const lasting = (until: UniqueKey["until"], time: number = hour): Partial<NewJob> => ({
  key: { value: "k", until, for: time },
});
const created = (id: string) => ({ state: "enqueued", id, created: true });
const taken = (id: string) => ({ state: "enqueued", id, created: false });

/** Enqueues of all kinds find the key taken by this job. */
async function expectTaken(s: Stage, id: JobId): Promise<void> {
  const asks: Partial<NewJob>[] = [
    { key: { value: "k", until: "start" } },
    { key: { value: "k", until: "finish" }, onDuplicate: "keep" },
    lasting("start"),
  ];
  for (const [turn, ask] of asks.entries()) {
    expect(await s.either(turn).enqueue([s.newJob(ask)])).toEqual([taken(id)]);
  }
}

async function expectFree(s: Stage, over: Partial<NewJob> = lasting("start")): Promise<void> {
  const job = s.newJob(over);
  expect(await s.other.enqueue([job])).toEqual([created(job.id)]);
}

/** The first job that is made once the key is free, after some that were not. */
async function madeAfter(s: Stage, first: JobId, over: Partial<NewJob>): Promise<JobId> {
  return waitFor("the time of the key to be over", async () => {
    const id = await s.enqueue(over);
    return id === first ? undefined : id;
  });
}

export function lastingKeysContract(stage: () => Stage): void {
  describe("unique keys for a time", () => {
    test.each(["start", "finish"] as const)("until %s: taken while the job waits, runs and is over", async (until) => {
      const s = stage();
      const id = await s.enqueue(lasting(until));
      await expectTaken(s, id);
      const claim = await s.claimOne();
      await expectTaken(s, id);
      expect(await s.settle(claim, success)).toBe("settled");
      await expectTaken(s, id);
      expect(await s.claim()).toEqual([]);
    });

    test.each([failure, { status: "cancel" as const, error: { name: "Error", message: "enough" } }])(
      "taken after $status, too",
      async (outcome) => {
        const s = stage();
        const { id } = await s.ended(outcome, lasting("start"));
        await expectTaken(s, id);
      },
    );

    test("taken after a cancelled wait, a crash, a retry and a give-back", async () => {
      for (const until of ["start", "finish"] as const) {
        for (const step of [giveBack, retry, "lapse", "cancel"] as const) {
          const s = stage();
          const queue = `${s.queue}-${until}-${typeof step === "string" ? step : step.status}`;
          const key = { ...lasting(until), queue };
          const id = await s.enqueue(key);
          if (step === "cancel") expect(await s.broker.cancel([{ id, queue }])).toEqual(["done"]);
          else {
            const claim = await s.claimOne({ queues: [queue] });
            if (step === "lapse") await s.lapse(claim);
            else await s.settle(claim, step);
          }
          expect([step, await s.broker.enqueue([s.newJob(key)])]).toEqual([step, [taken(id)]]);
        }
      }
    });

    test("free when the time is over and its life takes it no longer", async () => {
      const s = stage();
      const short = lasting("start", 30);
      const first = await s.started(short);
      const second = await madeAfter(s, first.id, short);
      await s.settle(first, success);
      const claim = await s.claimOne();
      expect(claim.id).toBe(second);
      await s.settle(claim, success);
      expect(await madeAfter(s, second, { key: { value: "k", until: "start" } })).not.toBe(first.id);
    });

    test.each(["start", "finish"] as const)("until %s: its life takes it beyond the time", async (until) => {
      const s = stage();
      const id = await s.enqueue(lasting(until, 1));
      await s.clockPasses((await s.job(id))?.queuedAt);
      await s.clockPasses(new Date(((await s.job(id))?.queuedAt.getTime() ?? 0) + 5));
      await expectTaken(s, id);
      const claim = await s.claimOne();
      if (until === "start") return expectFree(s);
      await expectTaken(s, id);
      await s.settle(claim, success);
      await expectFree(s);
    });

    test.each(["remove", "purge"] as const)("%s before the first run frees it", async (verb) => {
      const s = stage();
      const id = await s.enqueue(lasting("start"));
      await (verb === "purge" ? s.broker.purge(s.queue) : s.broker.remove([s.ref(id)]));
      await expectFree(s);
    });

    test.each(["start", "finish"] as const)(
      "until %s: moved before its first run, the job takes its key and time along",
      async (until) => {
        const s = stage();
        const queue = `${s.queue}-b`;
        const id = await s.enqueue(lasting(until));
        expect(await s.broker.edit([s.ref(id)], { queue })).toEqual(["done"]);
        await s.settle(await s.claimOne({ queues: [queue] }), success);
        expect(await s.broker.enqueue([s.newJob({ ...lasting(until), queue })])).toEqual([taken(id)]);
        const mine = await s.enqueue(lasting(until));
        expect(mine).not.toBe(id);
        expect(await s.broker.edit([s.ref(mine)], { queue })).toEqual(["keyTaken"]);
      },
    );

    test("moved when only its time takes the key, by an edit or a retry, the job frees it", async () => {
      const s = stage();
      const queue = `${s.queue}-b`;
      const { id } = await s.ended(retry, lasting("start"));
      expect(await s.broker.edit([s.ref(id)], { queue })).toEqual(["done"]);
      await expectFree(s);
      await s.settle(await s.claimOne(), { status: "retry", delay: 0, queue });
      await expectFree(s);
      const claims = await s.claim({ queues: [queue] });
      expect(claims).toHaveLength(2);
      await expectFree(s, { ...lasting("start"), queue });
    });

    test("until finish: a retry in another queue takes key and time along", async () => {
      const s = stage();
      const queue = `${s.queue}-b`;
      const { id } = await s.ended({ status: "retry", delay: 0, queue }, lasting("finish"));
      await s.settle(await s.claimOne({ queues: [queue] }), success);
      expect(await s.broker.enqueue([s.newJob({ ...lasting("start"), queue })])).toEqual([taken(id)]);
      await expectFree(s);
    });

    test.each<[OnDuplicate, "replaced" | "extended"]>([
      ["replace", "replaced"],
      ["extend", "extended"],
    ])("%s changes the job that waits, and leaves it alone from its start on", async (onDuplicate, change) => {
      const s = stage();
      const id = await s.enqueue(lasting("start"));
      const over = { ...lasting("start"), onDuplicate, params: '{"n":2}' };
      expect(await s.broker.enqueue([s.newJob(over)])).toEqual([{ ...taken(id), change }]);
      const claim = await s.claimOne();
      expect(claim.params).toBe(onDuplicate === "replace" ? '{"n":2}' : '{"n":1}');
      expect(await s.broker.enqueue([s.newJob(over)])).toEqual([taken(id)]);
      await s.settle(claim, retry);
      expect(await s.broker.enqueue([s.newJob(over)])).toEqual([taken(id)]);
      await s.settle(await s.claimOne(), success);
      expect(await s.broker.enqueue([s.newJob(over)])).toEqual([taken(id)]);
    });

    test("replaced by a job whose key says no time, it is free from the start on; and the other way round", async () => {
      const s = stage();
      const plain: Partial<NewJob> = { key: { value: "k", until: "start" } };
      const id = await s.enqueue(lasting("start"));
      await s.broker.enqueue([s.newJob({ ...plain, onDuplicate: "replace" })]);
      await s.settle(await s.claimOne(), success);
      await expectFree(s, plain);
      const again = await s.broker.enqueue([s.newJob({ ...lasting("start"), onDuplicate: "replace" })]);
      const claim = await s.claimOne();
      expect(again).toMatchObject([{ id: claim.id, change: "replaced" }]);
      expect(claim.id).not.toBe(id);
      await expectTaken(s, claim.id);
    });

    test("a requeued job takes it again, its own time notwithstanding; one whose key is another's is told so", async () => {
      const s = stage();
      if (!s.subject.keepsFailures) return;
      const { id } = await s.ended(failure, lasting("start"));
      expect(await s.broker.requeue([s.ref(id)])).toEqual(["done"]);
      await expectTaken(s, id);
      await s.settle(await s.claimOne(), failure);
      await expectTaken(s, id);
      const other = { value: "other", until: "start" as const };
      const plain = await s.ended(failure, { key: other });
      const taker = await s.ended(success, { key: { ...other, for: hour } });
      expect(await s.broker.requeue([s.ref(plain.id)])).toEqual(["keyTaken"]);
      expect(taker.id).not.toBe(plain.id);
    });

    test("of many that ask at once, over many ends, one job is made", async () => {
      const s = stage();
      const ask = (_: unknown, i: number) => s.either(i).enqueue([s.newJob(lasting("start"))]);
      const round = async () => (await Promise.all(Array.from({ length: 20 }, ask))).flat();
      const answers = await round();
      const claim = await s.claimOne();
      answers.push(...(await round()));
      await s.settle(claim, success);
      answers.push(...(await round()));
      expect(answers.filter((answer) => answer.state === "enqueued" && answer.created)).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer.state === "enqueued" && answer.id))).toEqual(new Set([claim.id]));
      expect(await s.claim()).toEqual([]);
    });
  });
}
