import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Broker,
  BrokerUnavailableError,
  createMemoryDeployment,
  MemoryBroker,
  newJobId,
  type NewJob,
  type Outbox,
} from "@tandemq/core";
import { createMongo, type Mongo } from "@tandemq/mongo";
import { MongoClient } from "mongodb";
import { mongoUrl } from "../../../../test/support/stores.js";
import { unique } from "../../../../test/support/unique.js";
import { waitFor } from "../../../../test/support/wait-for.js";
import { Relay } from "../../src/modes/outbox/relay.js";
import { parkedFor, relayJobs } from "../../src/modes/outbox/relay-jobs.js";

const queue = "q";
const url = mongoUrl(unique("tq"));
const client = new MongoClient(url);
let mongo: Mongo;

beforeAll(async () => {
  mongo = createMongo({ url });
  await mongo.outbox().start();
});
afterAll(async () => {
  await client.db().dropDatabase();
  await Promise.all([mongo.close(), client.close()]);
});

function newJob(over: Partial<NewJob> = {}): NewJob {
  return { id: newJobId(), queue, path: "t", params: "{}", priority: 0, due: { after: 0 }, ...over };
}

async function commit(jobs: readonly NewJob[], ended: () => void = () => undefined): Promise<void> {
  await client.withSession((session) => session.withTransaction(() => mongo.outbox().add(session, jobs, ended)));
}

/** Everything of the outbox, once it is due. */
function takeAll(outbox: Outbox, lease: number): Promise<readonly NewJob[]> {
  return waitFor("jobs to relay", async () => {
    const jobs = await outbox.take(100, lease);
    return jobs.length > 0 && jobs;
  });
}

async function inMemory(now: () => number): Promise<Broker> {
  return (await createMemoryDeployment({ now, queues: { [queue]: "no-storage" } }).route(queue)).broker;
}

const ids = (jobs: readonly { id: string }[]) => jobs.map(({ id }) => id).sort();
const claimAll = async (broker: Broker) =>
  (await broker.claim({ queues: [queue], max: 100, lease: 60_000, worker: "w" })).claims;

describe("a relay that dies", () => {
  const steps = ["enqueue", "delete", "edit"] as const;
  const cases = steps.flatMap((step) => (["before", "after"] as const).map((moment) => [moment, step] as const));

  test.each(cases)("%s its %s loses nothing and makes no second job", async (moment, step) => {
    let clock = Date.now();
    const broker = await inMemory(() => clock);
    const outbox = mongo.outbox();
    const jobs = [newJob(), newJob({ due: { at: clock - 5 } }), newJob({ key: { value: "k", until: "start" } })];
    await commit(jobs);
    const dying = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (object, name) => {
          const value = Reflect.get(object, name, object) as unknown;
          if (name !== step || typeof value !== "function")
            return typeof value === "function" ? value.bind(object) : value;
          return async (...args: unknown[]) => {
            if (moment === "after") await value.apply(object, args);
            throw new BrokerUnavailableError("died");
          };
        },
      });
    const told: string[] = [];
    const first = await takeAll(outbox, 100);
    await relayJobs(
      dying(outbox),
      async () => dying(broker),
      first,
      (line) => told.push(line),
    );
    expect(told).toEqual([expect.stringContaining("died")]);
    const isLeft = moment === "before" ? step !== "edit" : step === "enqueue";
    if (isLeft)
      await relayJobs(
        outbox,
        async () => broker,
        await takeAll(outbox, 100),
        (line) => told.push(line),
      );
    else clock += parkedFor;
    const run = await claimAll(broker);
    expect(ids(run)).toEqual(ids(jobs));
    await broker.settle(run.map((claim) => ({ ...claim, outcome: { status: "success" } })));
    expect(await outbox.take(100, 1)).toEqual([]);
    clock += 10 * parkedFor;
    expect(await claimAll(broker)).toEqual([]);
  });
});

test("a relay that hangs until the job is over makes no second one", async () => {
  let clock = Date.now();
  const broker = await inMemory(() => clock);
  const outbox = mongo.outbox();
  const jobs = [newJob(), newJob({ key: { value: "k", until: "start" } })];
  await commit(jobs);
  const told: string[] = [];
  const relay = (some: readonly NewJob[]) =>
    relayJobs(
      outbox,
      async () => broker,
      some,
      (line) => told.push(line),
    );
  const hung = await takeAll(outbox, 1);
  await relay(await takeAll(outbox, 60_000));
  const run = await claimAll(broker);
  expect(ids(run)).toEqual(ids(jobs));
  await broker.settle(run.map((claim) => ({ ...claim, outcome: { status: "success" } })));
  await relay(hung);
  clock += 10 * parkedFor;
  expect([await claimAll(broker), told]).toEqual([[], []]);
});

test("a relay that hangs until the queue has forgotten the job leaves it to those who relayed it", async () => {
  let clock = Date.now();
  const broker = await inMemory(() => clock);
  const outbox = mongo.outbox();
  const [job, next] = [newJob(), newJob()];
  await commit([job]);
  const relay = (some: readonly NewJob[], takenAt?: number) =>
    relayJobs(
      outbox,
      async () => broker,
      some,
      () => undefined,
      takenAt,
    );
  const hung = await takeAll(outbox, 1);
  await relay(await takeAll(outbox, 60_000));
  const run = await claimAll(broker);
  await broker.settle(run.map((claim) => ({ ...claim, outcome: { status: "success" } })));
  clock += 7_200_000;
  await relay(hung, performance.now() - 7_200_000);
  await commit([next]);
  await relay(await takeAll(outbox, 60_000));
  expect([ids(run), ids(await claimAll(broker))]).toEqual([[job.id], [next.id]]);
});

test("a relay that cannot delete for hours makes one job of it", async () => {
  let clock = Date.now();
  const broker = await inMemory(() => clock);
  const outbox = mongo.outbox();
  const job = newJob();
  await commit([job]);
  const stuck: Outbox = {
    start: () => outbox.start(),
    add: (...args) => outbox.add(...args),
    take: (...args) => outbox.take(...args),
    delete: () => Promise.reject(new BrokerUnavailableError("it is away")),
  };
  const run: { id: string }[] = [];
  for (let turn = 0; turn < 4; turn++) {
    await relayJobs(
      stuck,
      async () => broker,
      await takeAll(outbox, 1),
      () => undefined,
    );
    clock += 3_000_000;
    const claims = await claimAll(broker);
    await broker.settle(claims.map((claim) => ({ ...claim, outcome: { status: "success" } })));
    run.push(...claims);
  }
  expect(ids(run)).toEqual([job.id]);
  await outbox.delete([job.id]);
});

test("many relays at once relay each job once, in its order and at its time", async () => {
  let clock = Date.now();
  const broker = await inMemory(() => clock);
  const jobs = Array.from({ length: 30 }, (_, n) => newJob({ params: `{"n":${n}}` }));
  const later = newJob({ due: { after: 3_600_000 } });
  await commit([...jobs, later]);
  const warnings: string[] = [];
  const relays = [1, 2, 3].map(
    () =>
      new Relay(
        mongo.outbox(),
        async () => broker,
        (line) => warnings.push(line),
      ),
  );
  for (const relay of relays) relay.start();
  for (const relay of relays) relay.kick();
  const run = await waitFor("all are relayed", async () => {
    const { queued } = (await broker.counts([queue])).get(queue) ?? { queued: 0 };
    const parked = (await broker.find({ queue, limit: 100 })).filter(({ due }) => due && due.getTime() > clock);
    return queued === 31 && parked.length === 1 && claimAll(broker);
  });
  expect(ids(run)).toEqual(ids(jobs));
  await Promise.all(relays.map((relay) => relay.close()));
  clock += 3_700_000;
  expect(ids(await claimAll(broker))).toContain(later.id);
  expect(warnings).toEqual([]);
});

test("a queue that is not there keeps its jobs in the outbox, and holds up no other", async () => {
  const broker = await inMemory(Date.now);
  const [good, bad] = [newJob(), newJob({ queue: "nowhere" })];
  await commit([bad, good]);
  const told: string[] = [];
  const brokerOf = (name: string) => (name === queue ? Promise.resolve(broker) : Promise.reject(new Error("no queue")));
  await relayJobs(mongo.outbox(), brokerOf, await takeAll(mongo.outbox(), 50), (line) => told.push(line));
  expect(ids(await claimAll(broker))).toEqual([good.id]);
  expect(told).toEqual(['jobs of queue "nowhere" stay in the outbox: no queue']);
  expect(ids(await takeAll(mongo.outbox(), 60_000))).toEqual([bad.id]);
  await mongo.outbox().delete([bad.id]);
});

test("a job that meets the owner of its key does what its queue does then, at its own time", async () => {
  const broker = new MemoryBroker({ shapeOf: () => ({ kind: "timed", order: "fifo" }) });
  const key = { value: "k", until: "finish" } as const;
  const owner = newJob({ key, due: { after: 3_600_000 }, params: '{"n":1}' });
  await broker.enqueue([owner]);
  const late = newJob({ key, params: '{"n":2}', due: { at: 1000 } });
  await commit([late]);
  const jobs = await takeAll(mongo.outbox(), 60_000);
  for (let turn = 0; turn < 2; turn++)
    await relayJobs(
      mongo.outbox(),
      async () => broker,
      jobs,
      () => undefined,
    );
  expect(await claimAll(broker)).toMatchObject([{ id: owner.id, params: '{"n":2}' }]);
});
