import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Broker, type Claim, handOver, isFinal, newJobId, type QueueMode, queueModes } from "@tandemq/core";
import { unique } from "../../../../test/support/unique.js";
import { NoStorageBroker } from "../../src/modes/no-storage/no-storage-broker.js";
import { RawBroker } from "../../src/modes/raw/raw-broker.js";
import { type ModeStores, openRawStores } from "../support/raw-stores.js";

let stores: ModeStores;
beforeAll(async () => {
  stores = await openRawStores();
});
afterAll(async () => {
  await stores[Symbol.asyncDispose]();
});

function brokerOf(mode: QueueMode): Broker {
  const { mongo, redis } = stores;
  if (mode === "regular") return mongo.broker();
  const store = mongo.store();
  if (mode === "raw") return new RawBroker(redis.broker({ handsOutExpired: true }), store);
  const live = redis.broker({ countFinished: true, handsOutExpired: true });
  return new NoStorageBroker({ live, keeping: live, store });
}

const pairs = queueModes.flatMap((from) =>
  queueModes.filter((to) => to !== from).map((to): [QueueMode, QueueMode] => [from, to]),
);

/** Where a job moves, and what others do meanwhile. */
interface Scene {
  readonly id: string;
  readonly here: Broker;
  readonly there: Broker;
  readonly source: string;
  readonly target: string;
  readonly runs: Set<string>;
}

type Meddling = (scene: Scene) => Promise<unknown>;

const original = ({ id, source }: Scene) => [{ id, queue: source }];
const copy = ({ id, target }: Scene) => [{ id, queue: target }];

const back: Meddling = (s) => handOver(s.there, { broker: s.here, queue: s.source }, copy(s));
const again: Meddling = (s) => handOver(s.here, { broker: s.there, queue: s.target }, original(s));
const runOriginal: Meddling = (s) => run(s, s.here, s.source);
const editOriginal: Meddling = (s) => s.here.edit(original(s), { priority: 1 });
const cancelOriginal: Meddling = (s) => s.here.cancel(original(s));
const meddlings = { back, again, runOriginal, editOriginal, cancelOriginal };

async function run({ runs }: Scene, broker: Broker, queue: string): Promise<void> {
  const { claims } = await broker.claim({ queues: [queue], max: 10, lease: 60_000, worker: "w" });
  for (const claim of claims) runs.add(claim.token);
  await broker.settle(claims.map((claim) => settlement(claim)));
}

function settlement({ id, queue, token }: Claim) {
  return { id, queue, token, outcome: { status: "success" as const } };
}

/** A broker at one of whose calls somebody else acts. */
function meddled(broker: Broker, method: string, moment: string, act: () => Promise<unknown>): Broker {
  let done = false;
  return new Proxy(broker, {
    get: (object, name) => {
      const value: unknown = Reflect.get(object, name, object);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        const acts = name === method && !done;
        done ||= acts;
        if (acts && moment === "before") await act();
        const answer = (await value.apply(object, args)) as unknown;
        if (acts && moment === "after") await act();
        return answer;
      };
    },
  });
}

async function tell(from: QueueMode, to: QueueMode, at: string, name: keyof typeof meddlings, begun: boolean) {
  const [here, there] = [brokerOf(from), brokerOf(to)];
  const scene: Scene = {
    here,
    there,
    id: newJobId(),
    source: unique("source"),
    target: unique("target"),
    runs: new Set(),
  };
  const [side, method = "", moment = ""] = at.split(" ");
  await here.enqueue([
    { id: scene.id, queue: scene.source, path: "a.task", params: "{}", priority: 0, due: { after: 0 } },
  ]);
  if (begun) {
    const { claims } = await here.claim({ queues: [scene.source], max: 1, lease: 60_000, worker: "w" });
    await here.settle(claims.map((c) => ({ ...settlement(c), outcome: { status: "retry" as const, delay: 0 } })));
  }
  let what: unknown;
  const act = async () => {
    what = await meddlings[name](scene);
  };
  const move = handOver(
    side === "from" ? meddled(here, method, moment, act) : here,
    { broker: side === "to" ? meddled(there, method, moment, act) : there, queue: scene.target },
    original(scene),
  );
  const answer = await move;
  for (let i = 0; i < 2; i++) {
    await run(scene, here, scene.source);
    await run(scene, there, scene.target);
  }
  const left = [...(await here.get(original(scene))), ...(await there.get(copy(scene)))];
  const ended = left.some((job) => job && isFinal(job.status));
  const waits = left.some((job) => job && !isFinal(job.status));
  const told = {
    story: `${from}>${to} ${at} ${name} ${begun}`,
    answer,
    what,
    runs: scene.runs.size,
    left: left.map((job) => job && [job.queue.slice(0, 6), job.status, job.due]),
  };
  return waits || scene.runs.size > 1 || (scene.runs.size === 0 && !ended) ? [told] : [];
}

const moments = ["from depart after", "to receive after", "from leave after"];

describe.each(pairs)("from %s to %s", (from, to) => {
  test("nothing that others do to a moving job loses it, parks it or runs it twice", async () => {
    const stories = moments.flatMap((at) =>
      [false, true].flatMap((begun) =>
        (Object.keys(meddlings) as (keyof typeof meddlings)[]).map((name) => tell(from, to, at, name, begun)),
      ),
    );
    expect((await Promise.all(stories)).flat()).toEqual([]);
  });
});
