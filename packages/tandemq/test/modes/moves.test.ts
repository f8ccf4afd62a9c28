import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Broker, type Claim, handOver, type Job, newJobId, type QueueMode, queueModes } from "@tandemq/core";
import { unique } from "../../../../test/support/unique.js";
import { waitFor } from "../../../../test/support/wait-for.js";
import { NoStorageBroker } from "../../src/modes/no-storage/no-storage-broker.js";
import { RawBroker } from "../../src/modes/raw/raw-broker.js";
import { type Arrow, Death } from "../support/mortal.js";
import { type ModeStores, openRawStores } from "../support/raw-stores.js";

/** Redis answers in time, and a hold of a dead mover lapses soon. */
const deadline = 2000;
const parkedFor = 500;
const hour = 3_600_000;

let stores: ModeStores;
beforeAll(async () => {
  stores = await openRawStores({ deadline });
});
afterAll(async () => {
  await stores[Symbol.asyncDispose]();
});

const counting = { countFinished: true, handsOutExpired: true };
const asItIs: Death["through"] = (_, target) => target;

function brokerOf(mode: QueueMode, through: Death["through"] = asItIs): Broker {
  const { mongo, redis } = stores;
  if (mode === "regular") return through("live", mongo.broker());
  const store = through("store", mongo.store());
  if (mode === "raw") return new RawBroker(through("live", redis.broker({ handsOutExpired: true })), store);
  const live = through("live", redis.broker(counting));
  return new NoStorageBroker({ live, keeping: live, store });
}

const pairs = queueModes.flatMap((from) =>
  queueModes.filter((to) => to !== from).map((to): [QueueMode, QueueMode] => [from, to]),
);

/** A queue of each of the two modes, and a job in the first that has run once. */
async function begin(from: Broker, key?: string) {
  const [source, target] = [unique("source"), unique("target")];
  const more = { tags: ["t"], meta: { m: "1" }, parent: newJobId(), priority: 2, settings: { attempts: 7 } };
  const id = newJobId();
  const unique_ = key === undefined ? {} : { key: { value: key, until: "finish" as const } };
  await from.enqueue([
    { id, queue: source, path: "a.task", params: '{"n":1}', due: { after: 0 }, ...more, ...unique_ },
  ]);
  await settle(from, await claimOf(from, source), { status: "retry", delay: 0, error });
  return { id, source, target };
}

const error = { name: "Error", message: "again" };

async function claimOf(broker: Broker, queue: string): Promise<Claim> {
  const [claim] = await claimsOf(broker, queue);
  if (!claim) throw new Error("nothing to claim");
  return claim;
}

async function claimsOf(broker: Broker, queue: string): Promise<readonly Claim[]> {
  return (await broker.claim({ queues: [queue], max: 10, lease: 60_000, worker: "w" })).claims;
}

async function settle(broker: Broker, { id, queue, token }: Claim, outcome: object): Promise<void> {
  await broker.settle([{ id, queue, token, outcome: outcome as { status: "success" } }]);
}

async function lookAt(broker: Broker, id: string, queue: string): Promise<Job | undefined> {
  return (await broker.get([{ id, queue }]))[0];
}

describe.each(pairs)("from %s to %s", (from, to) => {
  test("a job stays the same job: id, key, history and all", async () => {
    const [here, there] = [brokerOf(from), brokerOf(to)];
    const { id, source, target } = await begin(here, "k");
    const before = (await lookAt(here, id, source)) as Job;
    expect(await handOver(here, { broker: there, queue: target }, [{ id, queue: source }])).toEqual(["done"]);
    expect(await lookAt(here, id, source)).toBeUndefined();
    const after = (await lookAt(there, id, target)) as Job;
    const { path, params, key, attempt, deliveries, lost, tags, meta, parent, priority, settings, queuedAt } = before;
    expect(after).toMatchObject({
      path,
      params,
      key,
      attempt,
      deliveries,
      lost,
      tags,
      meta,
      parent,
      priority,
      settings,
    });
    expect(after).toMatchObject({ status: "retry", queuedAt, history: [{ attempt: 1, status: "retry", error }] });
    const claim = await claimOf(there, target);
    expect(claim).toMatchObject({ id, attempt: 2, deliveries: 2, lost: 0, key });
    await settle(there, claim, { status: "failed", error });
    const over = await lookAt(there, id, target);
    expect(over).toMatchObject({ id, status: "failed", attempt: 2, key });
    expect(over?.history).toMatchObject([{ attempt: 1, status: "retry", error }]);
    expect((await here.counts([source])).get(source)).toMatchObject({ queued: 0, retry: 0, started: 0, cancel: 0 });
  });

  test("there and back again, it is one job", async () => {
    const [here, there] = [brokerOf(from), brokerOf(to)];
    const { id, source, target } = await begin(here, "k");
    await handOver(here, { broker: there, queue: target }, [{ id, queue: source }]);
    await handOver(there, { broker: here, queue: source }, [{ id, queue: target }]);
    expect(await lookAt(there, id, target)).toBeUndefined();
    const claim = await claimOf(here, source);
    expect(claim).toMatchObject({ id, attempt: 2, deliveries: 2 });
    await settle(here, claim, { status: "success" });
    expect([...(await claimsOf(here, source)), ...(await claimsOf(there, target))]).toEqual([]);
  });

  test("one whose key is another's stays as it was", async () => {
    const [here, there] = [brokerOf(from), brokerOf(to)];
    const { id, source, target } = await begin(here, "k");
    const key = { value: "k", until: "finish" as const };
    const theirs = { id: newJobId(), queue: target, path: "a.task", params: "{}", priority: 0, due: { after: hour } };
    await there.enqueue([{ ...theirs, key }]);
    const before = await lookAt(here, id, source);
    expect(await handOver(here, { broker: there, queue: target }, [{ id, queue: source }])).toEqual(["keyTaken"]);
    expect(await lookAt(here, id, source)).toEqual({ ...before, due: expect.any(Date) });
    expect(await claimsOf(there, target)).toEqual([]);
    expect(await claimOf(here, source)).toMatchObject({ id, attempt: 2, deliveries: 2, lost: 0 });
  });
});

const methods = ["depart", "receive", "leave", "arrive"];
const moments = ["before", "after"] as const;
const steps: Arrow[] = methods.flatMap((method) =>
  moments.map((moment): Arrow => ({ of: ["depart", "leave"].includes(method) ? "from" : "to", method, moment })),
);
const stepsOfRaw: Arrow[] = moments.flatMap((moment) => [
  { of: "store", method: "withdraw", moment },
  { of: "live", method: "leave", moment },
  { of: "store", method: "forget", moment },
]);

interface Story {
  readonly arrow: Arrow;
  readonly pair: readonly [QueueMode, QueueMode];
}

/** What is told of a job whose mover died: how often it ran, until nothing was left of it. */
async function tell({ arrow, pair: [from, to] }: Story): Promise<number> {
  const [here, there] = [brokerOf(from), brokerOf(to)];
  const { id, source, target } = await begin(here);
  const death = new Death(arrow);
  const isInside = arrow.of === "store" || arrow.of === "live";
  const mover = isInside ? brokerOf(from, (of, object) => death.through(of, object)) : death.through("from", here);
  const dying = [mover, death.through("to", there)] as const;
  const move = handOver(dying[0], { broker: dying[1], queue: target }, [{ id, queue: source }], { parkedFor });
  const end = await move.catch((why: Error) => why.message);
  // A mover that took longer than its jobs were parked for leaves them as they are.
  if (typeof end === "string" || arrow.method !== "arrive") expect(end).toMatch(/died|dead/);
  const runs = new Set<string>();
  await waitFor("nothing of the job waits any more", async () => {
    for (const [broker, queue] of [
      [here, source],
      [there, target],
    ] as const) {
      for (const claim of await claimsOf(broker, queue)) {
        expect(claim).toMatchObject({ id, attempt: 2, lost: 0 });
        runs.add(claim.token);
        await settle(broker, claim, { status: "success" });
      }
    }
    const counts = [(await here.counts([source])).get(source), (await there.counts([target])).get(target)];
    return runs.size > 0 && counts.every((one) => one && one.queued + one.retry + one.interrupt + one.started === 0);
  });
  return runs.size;
}

describe("a mover's death", () => {
  /** Nobody can say of a no-storage job that was left behind that it has run, nor that it is another's by now. */
  const mayRunTwice = ({ arrow, pair }: Story) =>
    pair.includes("no-storage") &&
    ["receive after", "leave before", "withdraw before"].includes(`${arrow.method} ${arrow.moment}`);

  test("loses nothing, and no job runs twice whose documents tell", async () => {
    const stories = pairs.flatMap((pair) => arrowsOf(pair).map((arrow): Story => ({ arrow, pair })));
    const runs = await Promise.all(stories.map(tell));
    expect(stories.filter((story, i) => (runs[i] ?? 0) > (mayRunTwice(story) ? 2 : 1))).toEqual([]);
  });

  /** A broker that keeps its jobs where the documents are has made them its own by then. */
  const arrowsOf = ([from, to]: Story["pair"]): Arrow[] =>
    from === "raw" ? [...steps, ...stepsOfRaw.filter(({ method }) => method !== "forget" || to !== "regular")] : steps;
});
