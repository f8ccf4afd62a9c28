import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type ActionOptions, type ActionVerb, type Broker, Client, type QueueMode, type Status } from "@tandemq/core";
import { createDeployment, loadConfig } from "tandemq";
import { unique } from "../support/unique.js";
import { modes, Site } from "./support/site.js";

/** Everything that the tests of a mode share: each has a queue of its own. */
async function open(mode: QueueMode) {
  const site = new Site();
  const queues = Object.fromEntries(modes.map((one) => [`${one}-*`, one]));
  const options = { mongo: site.mongo, redis: site.redis, prefix: site.name, queues };
  const { config } = await loadConfig({ config: options, env: {} });
  const deployment = createDeployment(config);
  await deployment.start();
  const { broker } = await deployment.route(`${mode}-any`);
  return { site, client: new Client(deployment), broker };
}

/** What happens once between the look of an action and its first change. */
function afterLook(broker: Broker, happen: () => Promise<void>): void {
  const select = broker.select.bind(broker);
  broker.select = async (filter) => {
    const refs = await select(filter);
    broker.select = select;
    await happen();
    return refs;
  };
}

/** So many jobs of a queue are claimed and end. */
async function run(client: Client, queue: string, jobs: number, end: "done" | "fail"): Promise<void> {
  let left = jobs;
  for await (const job of client.consume(queue, { max: 1 })) {
    if (end === "done") await job.done();
    else await job.fail(new Error("no luck"));
    if (--left === 0) return;
  }
}

const numbered = (n: number, from: number = 0) => Array.from({ length: n }, (_, i) => ({ n: from + i }));

describe.each(modes)("an action on %s jobs takes what was there when it began:", (mode) => {
  let site: Site;
  let client: Client;
  let broker: Broker;
  let queue: string;
  beforeAll(async () => {
    ({ site, client, broker } = await open(mode));
  });
  beforeEach(() => {
    queue = `${mode}-${unique("q")}`;
  });
  afterAll(async () => {
    await client.close();
    await site[Symbol.asyncDispose]();
  });

  const change: readonly [ActionVerb, ActionOptions][] = [
    ["cancel", {}],
    ["edit", { tags: ["new"] }],
    ["move", { to: `${mode}-other` }],
    ["move", { to: mode === "raw" ? "regular-other" : "raw-other" }],
    ["remove", {}],
  ];
  test.each(change)("%s %j of what waits", async (verb, options) => {
    const handles = await client.enqueueMany("e2e.echo", numbered(6), { queue });
    const refs = handles.map(({ id }) => ({ id, queue }));
    const held: string[] = [];
    afterLook(broker, async () => {
      // The first fails, the second succeeds, the third runs.
      await run(client, queue, 1, "fail");
      await run(client, queue, 1, "done");
      const { claims } = await broker.claim({ queues: [queue], max: 1, lease: 60_000, worker: "w" });
      held.push(...claims.map(({ id }) => id));
      // The fourth is gone, the fifth is in its next life.
      await broker.remove(refs.slice(3, 4));
      await broker.cancel(refs.slice(4, 5));
      await broker.requeue(refs.slice(4, 5));
      await client.enqueueMany("e2e.echo", numbered(3, 6), { queue });
    });
    const filter = { queue, status: ["queued", "retry"] as Status[] };
    const report = await client.action(verb, filter, options).result();
    const gone = mode === "no-storage" ? { final: 1, missing: 2 } : { final: 2, missing: 1 };
    expect(report).toEqual({
      ...{ found: 6, done: 1, capped: false, stopped: false },
      refused: { ...gone, started: 1, changed: 1 },
    });
    expect(held).toEqual([handles[2]?.id]);
    const there = await broker.get(refs);
    const kept = mode === "no-storage" ? undefined : "success";
    expect(there.slice(0, 5).map((job) => job?.status)).toEqual(["failed", kept, "started", undefined, "queued"]);
    expect(there[4]?.generation).toBe(2);
    const waiting = await client.jobs({ queue, status: ["queued"] });
    const untouched = waiting.filter(({ tags = [] }) => tags.length === 0).map(({ params }) => params);
    expect(untouched).toHaveLength(4);
    expect(untouched).toEqual(expect.arrayContaining([{ n: 4 }, ...numbered(3, 6)]));
  });

  const redrive: readonly [ActionVerb, ActionOptions][] = [
    ["requeue", {}],
    ["requeue", { to: `${mode}-other` }],
    ["requeue", { to: mode === "raw" ? "regular-other" : "raw-other" }],
    ["remove", {}],
  ];
  test.each(redrive)("%s %j of what failed", async (verb, options) => {
    const handles = await client.enqueueMany("e2e.echo", numbered(5), { queue });
    const refs = handles.map(({ id }) => ({ id, queue }));
    await run(client, queue, 4, "fail");
    afterLook(broker, async () => {
      // The first is gone, the second waits in its next life, the third has failed again in its.
      await broker.remove(refs.slice(0, 1));
      await run(client, queue, 1, "fail");
      await broker.requeue(refs.slice(2, 3));
      await run(client, queue, 1, "fail");
      await broker.requeue(refs.slice(1, 2));
    });
    const report = await client.action(verb, { queue, status: ["failed"] }, options).result();
    expect(report).toEqual({
      ...{ found: 4, done: 1, capped: false, stopped: false },
      refused: { missing: 1, waiting: 1, changed: 1 },
    });
    const there = await broker.get(refs);
    const fourth = verb === "remove" || options.to ? undefined : "queued";
    expect(there.map((job) => job?.status)).toEqual([undefined, "queued", "failed", fourth, "failed"]);
    expect(there.slice(1, 3).map((job) => job?.generation)).toEqual([2, 2]);
  });
});
