import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  type Broker,
  BrokerUnavailableError,
  type Claim,
  type HoldingBroker,
  type JobStore,
  MalformedJobError,
  type NewJob,
  type Outcome,
} from "@tandemq/core";
import { RawBroker } from "../../src/modes/raw/raw-broker.js";
import { inTime } from "../../../../test/support/patience.js";
import { waitFor } from "../../../../test/support/wait-for.js";
import { claimNow, claimOne, countsOf, isEmpty, newJob, queue, sweep, warm } from "../support/jobs.js";
import { type Arrow, Death } from "../support/mortal.js";
import { openRawStores, type RawStores } from "../support/raw-stores.js";

let stores: RawStores;
let broker: Broker;
beforeEach(async () => {
  stores = await openRawStores();
  broker = new RawBroker(stores.live, stores.store);
});
afterEach(async () => {
  await stores[Symbol.asyncDispose]();
});

function dying(arrow: Arrow): Broker {
  const death = new Death(arrow);
  return new RawBroker(death.through("live", stores.live), death.through("store", stores.store));
}

/** The object, with other answers for some methods. */
function patched<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get: (object, name) => {
      const value: unknown = Reflect.get({ ...methods }, name) ?? Reflect.get(object, name, object);
      return typeof value === "function" ? (value.bind(object) as unknown) : value;
    },
  });
}

/** The store, with other answers for some methods. */
function storeWith(methods: Partial<JobStore>): JobStore {
  return patched(stores.store, methods);
}

async function failedJob(): Promise<NewJob> {
  const job = newJob();
  await broker.enqueue([job]);
  const [{ id, token }] = (await claimNow(broker)) as [Claim];
  await broker.settle([{ id, queue, token, outcome: { status: "failed", error: { name: "Error", message: "no" } } }]);
  return job;
}

async function succeed({ id, token }: Claim): Promise<void> {
  expect(await broker.settle([{ id, queue, token, outcome: { status: "success" } }])).toEqual([{ state: "settled" }]);
}

describe("cancel", () => {
  test("the document says so, and the entry is gone", async () => {
    const job = newJob();
    await broker.enqueue([job]);
    expect(await broker.cancel([job])).toEqual(["done"]);
    expect((await stores.store.get([job.id]))[0]).toMatchObject({ status: "cancel", params: { n: 1 } });
    expect(await isEmpty(stores.live)).toBe(true);
    expect(await broker.cancel([job])).toEqual(["final"]);
  });

  test("a death between document and entry: the claim that finds it runs nothing", async () => {
    await inTime(500, async (deadline) => {
      await using quick = await openRawStores({ deadline });
      const worker = new RawBroker(quick.live, quick.store);
      await warm(worker);
      const job = newJob();
      await worker.enqueue([job]);
      const death = new Death({ of: "live", method: "settle", moment: "before" });
      const dyingBroker = new RawBroker(death.through("live", quick.live), death.through("store", quick.store));
      await expect(dyingBroker.cancel([job])).rejects.toThrow(/died/);
      expect(await sweep(worker, quick.live)).toEqual([]);
      expect(await countsOf(worker)).toMatchObject({ queued: 0, started: 0, cancel: 1 });
    });
  });

  test("a death before the document: the job runs, in its own place", async () => {
    await inTime(500, async (deadline) => {
      await using quick = await openRawStores({ deadline });
      const worker = new RawBroker(quick.live, quick.store);
      const [job, next] = [newJob(), newJob()];
      await worker.enqueue([job, next]);
      const death = new Death({ of: "store", method: "record", moment: "before" });
      const dyingBroker = new RawBroker(death.through("live", quick.live), death.through("store", quick.store));
      await expect(dyingBroker.cancel([job])).rejects.toThrow(/died/);
      await waitFor("the hold is over", async () => (await quick.live.get([job]))[0]?.lapsed);
      const claims = await claimNow(worker, "w1", 60_000);
      expect(claims.map(({ id, lost, deliveries }) => [id, lost, deliveries])).toEqual([
        [job.id, 0, 1],
        [next.id, 0, 1],
      ]);
    });
  });

  test("without the store what is delayed, and what waits for its retry, stay so", async () => {
    const [delayed, failing] = [newJob({ due: { after: 3_600_000 } }), newJob()];
    await broker.enqueue([delayed, failing]);
    const [claim] = (await claimNow(broker, "w1", 60_000)) as [Claim];
    await broker.settle([{ ...claim, outcome: { status: "retry", delay: 3_600_000 } }]);
    const before = await broker.get([delayed, failing]);
    const record = () => Promise.reject(new BrokerUnavailableError("away"));
    const unstored = new RawBroker(stores.live, storeWith({ record }));
    await expect(unstored.cancel([delayed, failing])).rejects.toThrow(/away/);
    const after = await broker.get([delayed, failing]);
    expect(after.map((job) => [job?.status, job?.due])).toEqual(before.map((job) => [job?.status, job?.due]));
    expect(await claimNow(broker)).toEqual([]);
  });

  test("without the store nothing is cancelled, and the job goes on", async () => {
    const job = newJob();
    await broker.enqueue([job]);
    const record = () => Promise.reject(new BrokerUnavailableError("away"));
    await expect(new RawBroker(stores.live, storeWith({ record })).cancel([job])).rejects.toThrow(/away/);
    await succeed(await claimOne(broker));
    expect((await broker.get([job]))[0]).toMatchObject({ status: "success" });
  });

  test("a claim between look and hold keeps the job", async () => {
    const job = newJob();
    await warm(broker);
    await broker.enqueue([job]);
    const claims: Claim[] = [];
    const hold: HoldingBroker["hold"] = async (refs) => {
      claims.push(...(await claimNow(broker, "w1", 60_000)));
      return stores.live.hold(refs);
    };
    expect(await new RawBroker(patched(stores.live, { hold }), stores.store).cancel([job])).toEqual(["started"]);
    expect((await broker.get([job]))[0]).toMatchObject({ status: "started" });
    await succeed(claims[0] as Claim);
    expect((await broker.get([job]))[0]).toMatchObject({ status: "success" });
  });

  test("no claim gets a job between hold and document", async () => {
    const job = newJob();
    await warm(broker);
    await broker.enqueue([job]);
    const record: JobStore["record"] = async (jobs) => {
      expect(await claimNow(broker, "w1", 60_000)).toEqual([]);
      await stores.store.record(jobs);
    };
    expect(await new RawBroker(stores.live, storeWith({ record })).cancel([job])).toEqual(["done"]);
    expect(await sweep(broker, stores.live)).toEqual([]);
  });

  test("by two at once", async () => {
    const jobs = Array.from({ length: 20 }, () => newJob());
    await broker.enqueue(jobs);
    const [one, other] = await Promise.all([broker.cancel(jobs), broker.cancel(jobs)]);
    jobs.forEach((_, i) => expect([one[i], other[i]].filter((answer) => answer === "done")).not.toEqual([]));
    expect([...one, ...other].every((answer) => answer === "done" || answer === "final")).toBe(true);
    expect(await countsOf(broker)).toMatchObject({ queued: 0, started: 0, cancel: 20 });
  });

  test("a job that waits for its retry", async () => {
    const job = newJob();
    await broker.enqueue([job]);
    const [{ id, token }] = (await claimNow(broker)) as [Claim];
    await broker.settle([{ id, queue, token, outcome: { status: "retry", delay: 60_000 } }]);
    expect((await broker.get([job]))[0]).toMatchObject({ status: "retry", attempt: 1 });
    expect(await broker.cancel([job])).toEqual(["done"]);
    expect((await broker.get([job]))[0]).toMatchObject({ status: "cancel", attempt: 1 });
    expect(await countsOf(broker)).toMatchObject({ retry: 0, cancel: 1 });
  });
});

describe("requeue", () => {
  test("begins the next generation, in the same document", async () => {
    const job = await failedJob();
    expect(await broker.requeue([job])).toEqual(["done"]);
    expect((await broker.get([job]))[0]).toMatchObject({ status: "queued", generation: 2, attempt: 0 });
    const claim = await claimOne(broker);
    expect(claim).toMatchObject({ id: job.id, generation: 2, attempt: 1, deliveries: 1, lost: 0 });
    await succeed(claim);
    expect((await stores.store.get([job.id]))[0]).toMatchObject({ status: "success", generation: 2 });
    expect(await countsOf(broker)).toMatchObject({ success: 1, failed: 0 });
  });

  test.each([
    { of: "live", method: "enqueue", moment: "after" },
    { of: "store", method: "recordRequeue", moment: "before" },
    { of: "store", method: "recordRequeue", moment: "after" },
  ] as Arrow[])("a death $moment $method of $of: the next life runs once", async (arrow) => {
    const job = await failedJob();
    await expect(dying(arrow).requeue([job])).rejects.toThrow(/died/);
    await succeed(await claimOne(broker));
    expect((await stores.store.get([job.id]))[0]).toMatchObject({ status: "success", generation: 2 });
    expect(await isEmpty(stores.live)).toBe(true);
  });

  test("a death before the entry is in line: the job stays as it was", async () => {
    const job = await failedJob();
    await expect(dying({ of: "live", method: "enqueue", moment: "before" }).requeue([job])).rejects.toThrow(/died/);
    expect((await broker.get([job]))[0]).toMatchObject({ status: "failed", generation: 1 });
  });

  test("what an earlier life left in line is not taken for the next one", async () => {
    const job = newJob();
    await broker.enqueue([job]);
    const mortal = dying({ of: "live", method: "settle", moment: "before" });
    const [{ id, token }] = (await claimNow(mortal, "w1", 60_000)) as [Claim];
    const settled = mortal.settle([
      { id, queue, token, outcome: { status: "abort", error: { name: "E", message: "" } } },
    ]);
    await expect(settled).rejects.toThrow(/died/);
    expect(await broker.requeue([job])).toEqual(["done"]);
    const claim = await claimOne(broker);
    expect(claim).toMatchObject({ id: job.id, generation: 2 });
    await succeed(claim);
    expect(await isEmpty(stores.live)).toBe(true);
  });
});

describe("remove and purge", () => {
  test("a job that waits for its retry leaves neither entry nor document", async () => {
    const [first, second] = [newJob(), newJob()];
    await broker.enqueue([first, second]);
    const claims = await claimNow(broker);
    await broker.settle(
      claims.map(({ id, token }) => ({ id, queue, token, outcome: { status: "retry", delay: 60_000 } })),
    );
    expect(await broker.remove([first])).toEqual(["done"]);
    expect(await broker.purge(queue)).toBe(1);
    expect(await stores.store.get([first.id, second.id])).toEqual([undefined, undefined]);
    expect(await isEmpty(stores.live)).toBe(true);
  });

  test("a job that is run to its end while its queue is purged keeps its document", async () => {
    const job = newJob();
    await broker.enqueue([job]);
    const settle = async (outcome: Outcome) => {
      const [{ id, token }] = (await claimNow(broker)) as [Claim];
      await broker.settle([{ id, queue, token, outcome }]);
    };
    await settle({ status: "retry", delay: 0 });
    let isRun = false;
    const live = patched(stores.live, {
      purge: async () => 0,
      get: async (refs) => {
        if (!isRun) await settle({ status: "success", result: 1 });
        isRun = true;
        return stores.live.get(refs);
      },
    });
    await new RawBroker(live, stores.store).purge(queue);
    expect(isRun).toBe(true);
    expect(await broker.get([job])).toMatchObject([{ status: "success", result: 1 }]);
  });

  test("a removed job whose entry was left behind does not come back", async () => {
    const job = newJob();
    await broker.enqueue([job]);
    const mortal = dying({ of: "live", method: "settle", moment: "before" });
    const [{ id, token }] = (await claimNow(mortal)) as [Claim];
    await expect(mortal.settle([{ id, queue, token, outcome: { status: "success" } }])).rejects.toThrow(/died/);
    expect(await broker.remove([job])).toEqual(["done"]);
    expect(await isEmpty(stores.live)).toBe(true);
    expect(await broker.get([job])).toEqual([undefined]);
  });
});

describe("a store that does not take the starts", () => {
  test("is away: nothing is handed out, and nothing waits for a lease", async () => {
    await broker.enqueue([newJob(), newJob()]);
    const recordStarts = async () => Promise.reject(new BrokerUnavailableError("away"));
    const without = new RawBroker(stores.live, storeWith({ recordStarts }));
    await expect(claimNow(without, "w1", 60_000)).rejects.toThrow("away");
    const claims = await claimNow(broker);
    expect(claims.map(({ lost, attempt }) => ({ lost, attempt }))).toEqual(Array(2).fill({ lost: 0, attempt: 1 }));
  });

  test("refuses one of them: the others run, that one is set aside as failed", async () => {
    const jobs = [newJob(), newJob({ params: '{"bad":true}' }), newJob()];
    await broker.enqueue(jobs);
    const recordStarts: JobStore["recordStarts"] = async (claims, worker) => {
      if (claims.some(({ params }) => params.includes("bad"))) throw new MalformedJobError("cannot hold this");
      return stores.store.recordStarts(claims, worker);
    };
    const picky = new RawBroker(stores.live, storeWith({ recordStarts }));
    const answer = await picky.claim({ queues: [queue], max: 10, lease: 60_000, worker: "w1" });
    expect(answer.claims.map(({ id }) => id)).toEqual([jobs[0]?.id, jobs[2]?.id]);
    expect(answer.setAside).toEqual([{ id: jobs[1]?.id, queue, reason: expect.stringContaining("cannot hold this") }]);
    expect((await broker.get([jobs[1] as NewJob]))[0]).toMatchObject({ status: "failed" });
  });
});

test.each(["replace", "extend"] as const)(
  "%s: a job that runs to its end before the answer is back is no second job",
  async (onDuplicate) => {
    const key = { value: "k", until: "start" } as const;
    const [first, second] = [newJob({ key, due: { after: 3_600_000 } }), newJob({ key, onDuplicate })];
    await broker.enqueue([first]);
    let runs = 0;
    const quick = patched(stores.live, {
      enqueue: async (jobs) => {
        const answers = await stores.live.enqueue(jobs);
        const claim = await claimOne(broker);
        expect(claim.id).toBe(first.id);
        await succeed(claim);
        runs++;
        return answers;
      },
    });
    const change = onDuplicate === "replace" ? "replaced" : "extended";
    const answers = await new RawBroker(quick, stores.store).enqueue([second]);
    expect(answers).toEqual([{ state: "enqueued", id: first.id, created: false, change }]);
    expect([runs, await isEmpty(stores.live)]).toEqual([1, true]);
  },
);
