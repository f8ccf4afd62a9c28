import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { fitQueue } from "../../src/client/fit-queue.js";
import {
  type Broker,
  Client,
  createMemoryDeployment,
  type Deployment,
  memberPath,
  type NewJob,
  newJobId,
  type UniqueKey,
} from "../../src/index.js";

let clock: number;
let deployment: Deployment;
let client: Client;

beforeEach(() => {
  clock = 1_000_000;
  deployment = createMemoryDeployment({ now: () => clock, queues: { fast: "no-storage", raw: "raw" } });
  client = new Client(deployment);
});
afterEach(() => client.close());

const brokerOf = async (queue: string): Promise<Broker> => (await deployment.route(queue)).broker;
const count = async (queue: string) => (await client.queue(queue).counts()).queued;

async function enqueue(queue: string, n: number): Promise<string[]> {
  const list = Array.from({ length: n }, (_, i) => ({ i }));
  return (await client.enqueueMany("a.task", list, { queue })).map(({ id }) => id);
}

async function claim(queue: string, max: number = 1) {
  const { claims } = await (await brokerOf(queue)).claim({ queues: [queue], max, lease: 60_000, worker: "w" });
  return claims;
}

describe("an action", () => {
  test("takes what waits and matches, and leaves what runs alone", async () => {
    await enqueue("q", 5);
    await claim("q");
    expect(await client.action("cancel", { queue: "q", params: { i: 3 } }).result()).toMatchObject({
      found: 1,
      done: 1,
    });
    const all = await client.action("cancel", { queue: "q" }).result();
    expect(all).toEqual({ found: 3, done: 3, refused: {}, capped: false, stopped: false });
    const running = await client.action("cancel", { queue: "q", status: ["started"] }).result();
    expect(running).toMatchObject({ found: 1, done: 1, refused: {} });
  });

  test("gives no other params to a job that its queue knows by them", async () => {
    await deployment.registry.recordQueue({ name: "set", mode: "regular", kind: "set" });
    const broker = await brokerOf("q");
    const job = (params: string, key?: UniqueKey): NewJob => {
      const made = { id: newJobId(), queue: "set", path: "a.task", params, priority: 0, due: { after: 0 } };
      return fitQueue(key ? { ...made, key } : made, { kind: "set" });
    };
    const own = job('{"b":1}', { value: "own", until: "start" });
    const member = { ...job('{"member":"m"}', { value: "m", until: "start" }), path: memberPath };
    await broker.enqueue([job('{"b":2,"a":1}'), own, member]);
    const report = await client.action("edit", { queue: "set" }, { params: { c: 3 } }).result();
    expect(report).toMatchObject({ found: 3, done: 1, refused: { knownByParams: 2 } });
    const jobs = await client.jobs({ queue: "set" });
    expect(jobs.filter(({ params }) => params["c"] === 3).map(({ id }) => id)).toEqual([own.id]);
    const tagged = await client.action("edit", { queue: "set" }, { tags: ["t"] }).result();
    expect(tagged).toMatchObject({ done: 3, refused: {} });
  });

  test("moves the time by which a job is to begin with it", async () => {
    const job = await client.enqueue("a.task", {}, { queue: "q", startBy: "10s" });
    expect(await client.action("move", { queue: "q" }, { to: "fast" }).result()).toMatchObject({ done: 1 });
    clock += 11_000;
    expect(await claim("fast")).toEqual([]);
    const [expired] = await client.jobs({ queue: "fast", status: ["expired"] });
    expect(expired?.id).toBe(job.id);
  });

  test("takes only jobs that were there when it began", async () => {
    await enqueue("q", 2);
    clock += 10;
    const broker = await brokerOf("q");
    const select = broker.select.bind(broker);
    broker.select = async (filter) => {
      broker.select = select;
      clock += 10;
      await enqueue("q", 3);
      return select(filter);
    };
    expect(await client.action("remove", { queue: "q" }).result()).toMatchObject({ found: 2, done: 2 });
    expect(await count("q")).toBe(3);
  });

  test("counts what others changed meanwhile, by reason", async () => {
    const [first, second] = await enqueue("q", 3);
    const broker = await brokerOf("q");
    const cancel = broker.cancel.bind(broker);
    broker.cancel = async (refs) => {
      await claim("q");
      await broker.remove([{ id: second ?? "", queue: "q" }]);
      return cancel(refs);
    };
    const report = await client.action("cancel", { queue: "q" }).result();
    expect(report).toMatchObject({ found: 3, done: 1, refused: { started: 1, missing: 1 } });
    expect((await client.job(first ?? "", "q"))?.status).toBe("started");
  });

  test("stops at its cap and says so", async () => {
    await enqueue("q", 10);
    expect(await client.action("remove", { queue: "q" }, { max: 4 }).result()).toMatchObject({ done: 4, capped: true });
    expect(await client.action("remove", { queue: "q" }, { max: 6 }).result()).toMatchObject({
      done: 6,
      capped: false,
    });
  });

  test("tells its progress to callback and iterator, and can be stopped", async () => {
    await enqueue("q", 2500);
    const told: number[] = [];
    const action = client.action("remove", { queue: "q" }, { onProgress: ({ done }) => told.push(done) });
    const seen: number[] = [];
    for await (const { found, done } of action) {
      expect(found).toBe(2500);
      seen.push(done);
      if (done >= 1000) action.stop();
    }
    expect(told.slice(0, 2)).toEqual([0, 1000]);
    expect(seen.at(-1)).toBe(told.at(-1));
    expect(await action.result()).toMatchObject({ done: told.at(-1), stopped: true });
    expect(await count("q")).toBe(2500 - (told.at(-1) ?? 0));
  });

  test("keeps to its rate", async () => {
    await enqueue("q", 6);
    const began = performance.now();
    await client.action("remove", { queue: "q" }, { rate: { max: 2, per: "50ms" } }).result();
    expect(performance.now() - began).toBeGreaterThan(95);
  });

  test("rejects with the store's error, also for whoever watches", async () => {
    await enqueue("q", 1);
    (await brokerOf("q")).remove = () => Promise.reject(new Error("away"));
    const action = client.action("remove", { queue: "q" });
    await expect(action.result()).rejects.toThrow("away");
    const watch = async () => {
      for await (const _ of action);
    };
    await expect(watch()).rejects.toThrow("away");
  });

  test("edits params, priority and due time", async () => {
    const [a] = await enqueue("q", 2);
    const options = { params: { n: 7 }, priority: 4, delay: "1h" };
    expect(await client.action("edit", { queue: "q", ids: [a ?? ""] }, options).result()).toMatchObject({ done: 1 });
    const job = await client.job(a ?? "", "q");
    expect(job).toMatchObject({ params: { n: 7 }, priority: 4, due: new Date(clock + 3_600_000) });
  });

  test("requeues what went wrong, unless told otherwise", async () => {
    await enqueue("q", 2);
    const [bad, good] = await claim("q", 2);
    const broker = await brokerOf("q");
    const error = { name: "RangeError", message: "out of luck" };
    await broker.settle([{ ...bad!, outcome: { status: "failed", error } }]);
    await broker.settle([{ ...good!, outcome: { status: "success" } }]);
    expect(await client.action("requeue", { error: { text: "luck" } }).result()).toMatchObject({ found: 1, done: 1 });
    expect(await count("q")).toBe(1);
  });

  test.each([
    ["an unknown verb", () => client.action("delete" as "remove", { queue: "q" }), "is none of"],
    ["an empty filter", () => client.action("remove", {}), "names nothing"],
    ["an unknown field", () => client.action("remove", { queu: "q" } as object), 'did you mean "queue"'],
    ["an unknown status", () => client.action("remove", { status: ["faild" as "failed"] }), 'did you mean "failed"'],
    ["an id that is none", () => client.action("remove", { ids: ["x"] }), "24 hexadecimal"],
    ["a time that is none", () => client.action("remove", { queued: { to: new Date("x") } }), "valid dates"],
    ["params that are none", () => client.action("remove", { params: [] as unknown as object as never }), "an object"],
    ["a move to nowhere", () => client.action("move", { queue: "q" }), "name the queue"],
    ["an option of another verb", () => client.action("cancel", { queue: "q" }, { to: "b" }), 'unknown option "to"'],
    ["an edit of nothing", () => client.action("edit", { queue: "q" }), "name what is new"],
    ["a cap of none", () => client.action("remove", { queue: "q" }, { max: 0 }), "max"],
    ["a rate of none", () => client.action("remove", { queue: "q" }, { rate: { max: 0, per: 1 } }), "rate.max"],
  ])("refuses %s", (_, start, words) => {
    expect(start).toThrow(words);
  });

  test("a filter that matches nothing is done at once", async () => {
    await client.queue("q").counts();
    const report = await client.action("remove", { queue: "q", path: "no.task" }).result();
    expect(report).toEqual({ found: 0, done: 0, refused: {}, capped: false, stopped: false });
  });
});

describe("a move to another mode", () => {
  test("takes everything: id, key and the time that is left", async () => {
    const options = { queue: "q", key: "k", priority: 2, tags: ["t"], delay: "1h" };
    const job = await client.enqueue("a.task", { x: 1 }, options);
    await enqueue("q", 2);
    expect(await client.action("move", { queue: "q" }, { to: "fast" }).result()).toMatchObject({ found: 3, done: 3 });
    expect(await client.jobs({ queue: "q" })).toEqual([]);
    const [moved] = await client.jobs({ queue: "fast", tags: ["t"] });
    expect(moved).toMatchObject({ params: { x: 1 }, priority: 2, due: new Date(clock + 3_600_000) });
    expect(moved).toMatchObject({ id: job.id, key: { value: "k" } });
    expect((await claim("fast", 10)).map(({ params }) => params)).toEqual(['{"i":0}', '{"i":1}']);
  });

  test("leaves a job to who claims it meanwhile, and drops the copy", async () => {
    await enqueue("q", 2);
    const broker = await brokerOf("q");
    const leave = broker.leave.bind(broker);
    broker.leave = async (departures) => {
      await claim("q");
      return leave(departures);
    };
    const report = await client.action("move", { queue: "q" }, { to: "fast" }).result();
    expect(report).toMatchObject({ found: 2, done: 1, refused: { started: 1 } });
    expect((await client.jobs({ queue: "fast" })).map(({ params }) => params)).toEqual([{ i: 1 }]);
  });

  const steps = [
    ["q", "depart"],
    ["fast", "receive"],
    ["q", "leave"],
    ["fast", "arrive"],
  ] as const;
  for (const moment of ["before", "after"] as const) {
    test.each(steps)(
      `a death ${moment} %s's %s loses nothing, and done again it makes no second job`,
      async (at, verb) => {
        await enqueue("q", 3);
        const broker = await brokerOf(at);
        const original = broker[verb];
        (broker as unknown as Record<string, unknown>)[verb] = async (...args: unknown[]) => {
          if (moment === "after") await (original as (...args: unknown[]) => Promise<unknown>).apply(broker, args);
          throw new Error("died");
        };
        await expect(client.action("move", { queue: "q" }, { to: "fast" }).result()).rejects.toThrow("died");
        (broker as unknown as Record<string, unknown>)[verb] = original;
        await client.action("move", { queue: "q" }, { to: "fast" }).result();
        clock += 600_000;
        const run = [...(await claim("q", 10)), ...(await claim("fast", 10))];
        expect(run.map(({ params }) => params).sort()).toEqual(['{"i":0}', '{"i":1}', '{"i":2}']);
      },
    );
  }

  test("dead jobs begin anew elsewhere", async () => {
    const [id] = await enqueue("q", 1);
    const [held] = await claim("q");
    const broker = await brokerOf("q");
    await broker.settle([{ ...held!, outcome: { status: "failed", error: { name: "Error", message: "x" } } }]);
    expect(await client.action("requeue", { queue: "q" }, { to: "raw" }).result()).toMatchObject({ done: 1 });
    expect(await client.job(id ?? "", "q")).toBeUndefined();
    expect(await claim("raw")).toMatchObject([{ id, params: '{"i":0}', attempt: 1, generation: 2 }]);
  });
});
