import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { BrokerUnavailableError, type Claim, newJobId } from "@tandemq/core";
import { unique } from "../../../test/support/unique.js";
import { waitFor } from "../../../test/support/wait-for.js";
import type { Connection } from "../src/connection/connection.js";
import type { MongoBroker } from "../src/mongo-broker.js";
import { MongoJobStore } from "../src/store/mongo-job-store.js";
import { Proxy } from "./support/proxy.js";
import { done, settlement, Stage, states } from "./support/stage.js";

/** The driver has half a second to find the server, which is little on a busy machine. */
async function started(broker: MongoBroker): Promise<void> {
  await waitFor("the server to be found", () =>
    broker.start().then(
      () => true,
      () => false,
    ),
  );
}

describe("a network that loses answers", () => {
  const s = new Stage();
  const proxy = new Proxy(s.url);
  let far: Connection;
  let broker: MongoBroker;
  let store: MongoJobStore;
  beforeAll(async () => {
    far = s.connect(await proxy.start());
    broker = s.open(far);
    store = new MongoJobStore(far, s.wakeups);
    await started(broker);
    await broker.enqueue([s.newJob(unique("q"))]);
  });
  afterAll(async () => {
    await s.close();
    await proxy.close();
  });

  /** Asks while answers get lost; returns once the network is well again. */
  async function lost(ask: () => Promise<unknown>): Promise<void> {
    proxy.loseAnswers();
    await expect(ask()).rejects.toThrow(BrokerUnavailableError);
    proxy.heal();
    await waitFor("the server to be found again", () =>
      broker
        .paused()
        .then(() => true)
        .catch(() => false),
    );
  }

  test("enqueue: unknown, and asking again makes no second job", async () => {
    const queue = unique("q");
    const jobs = Array.from({ length: 5 }, () => s.newJob(queue, { key: { value: newJobId(), until: "start" } }));
    await lost(() => broker.enqueue(jobs));
    expect(await broker.enqueue(jobs)).toEqual(jobs.map(({ id }) => ({ state: "enqueued", id, created: true })));
    expect((await broker.counts([queue])).get(queue)?.queued).toBe(5);
  });

  test.each([1, 10])("claim of %i: what it left held is given back, and none counts as lost", async (max) => {
    const queue = unique("q");
    await s.enqueue(queue, 5);
    await lost(() => s.claim(queue, max, broker));
    const claims = await s.claim(queue, 10, broker);
    expect(claims).toHaveLength(5);
    expect(new Set(claims.map(({ lost: losses }) => losses))).toEqual(new Set([0]));
  });

  test("settle: asking again finds it settled, once", async () => {
    const queue = unique("q");
    await s.enqueue(queue, 5);
    const claims = await s.claim(queue, 5, broker);
    await lost(() => broker.settle(claims.map((claim) => settlement(claim))));
    expect(states(await broker.settle(claims.map((claim) => settlement(claim))))).toEqual(claims.map(() => "settled"));
    const jobs = await broker.get(claims);
    expect(jobs.map((job) => [job?.status, job?.attempt])).toEqual(claims.map(() => ["success", 1]));
  });

  test("starts and outcomes of raw jobs: the same", async () => {
    const queue = unique("q");
    const claims = Array.from({ length: 5 }, (): Claim => {
      const what = { id: newJobId(), queue, token: unique("t"), path: "test.task", params: "{}", priority: 0, lost: 0 };
      const times = { queuedAt: Date.now(), claimedAt: Date.now() };
      return { ...what, ...times, generation: 1, attempt: 1, deliveries: 1, settings: {} };
    });
    await lost(() => store.recordStarts(claims, "worker"));
    expect(await store.recordStarts(claims, "worker")).toEqual(claims.map(() => "started"));
    await lost(() =>
      store.recordOutcomes(
        claims.map((claim) => settlement(claim, done)),
        claims,
      ),
    );
    const again = claims.map((claim) => settlement(claim, done));
    expect(states(await store.recordOutcomes(again, claims))).toEqual(claims.map(() => "settled"));
    expect((await store.counts([queue])).get(queue)).toEqual({ success: 5 });
  });
});

test("a server that is away at the first use is found when it is there", async () => {
  const s = new Stage();
  const proxy = new Proxy(s.url);
  const far = s.connect(await proxy.start());
  const broker = s.open(far);
  proxy.loseAnswers();
  const refused = await Promise.allSettled([broker.start(), broker.paused(), broker.paused()]);
  for (const answer of refused) {
    expect(answer).toMatchObject({ status: "rejected", reason: expect.any(BrokerUnavailableError) });
  }
  proxy.heal();
  await started(broker);
  expect(await broker.paused()).toEqual([]);
  await s.close();
  await proxy.close();
});
