import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { redisServer, type RedisServer } from "./support/redis-server.js";
import { newJob, stage, type Stage } from "./support/stage.js";
import { inTime } from "../../../test/support/patience.js";
import { waitFor } from "../../../test/support/wait-for.js";

const names = (count: number) => Array.from({ length: count }, (_, i) => `many-${i}`);

describe("a worker of very many queues", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await redisServer();
    await server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const joined = new WeakSet<Stage>();

  function open(): Stage {
    const s = stage({}, { options: { path: server.path } });
    s.wakeups.listen({ onLagged: () => void joined.add(s) });
    return s;
  }

  async function claim({ broker }: Stage, queues: readonly string[]): Promise<string[]> {
    const { claims } = await broker.claim({ queues, max: 10, lease: 30_000, worker: "worker" });
    return claims.map(({ queue }) => queue);
  }

  /** Script calls that the action costs. */
  async function calls({ admin }: Stage, action: () => Promise<unknown>): Promise<number> {
    const count = async () => {
      const calls = (await admin.info("commandstats")).matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g);
      return [...calls].reduce((sum, [, one]) => sum + Number(one), 0);
    };
    const before = await count();
    await action();
    return (await count()) - before;
  }

  /** Claims until the subscription has come, which makes everything doubtful, and all was looked at after it. */
  async function settled(s: Stage, queues: readonly string[]): Promise<void> {
    await waitFor("it has looked", async () => (await calls(s, () => claim(s, queues))) === 0 && joined.has(s));
  }

  const listens = async ({ admin, prefix }: Stage) => (await admin.pubsub("NUMSUB", `${prefix}:wake`))[1] === 1;

  test("looks at a thousand in one call, and asks none of them while nothing is told", async () => {
    await using s = open();
    const queues = names(1_500);
    await s.broker.enqueue([newJob({ queue: "warm" })]);
    await claim(s, ["warm"]);
    expect(await calls(s, () => claim(s, queues))).toBe(2);
    await settled(s, queues);
    expect(await calls(s, () => claim(s, queues))).toBe(0);
  });

  test("finds what was there before it came, what is told, and what comes due, each in its queue alone", () =>
    inTime(400, async (after, passed) => {
      await using s = open();
      await using other = stage({}, { options: { path: server.path }, prefix: s.prefix });
      const queues = names(200);
      await other.broker.enqueue([newJob({ queue: "many-7" }), newJob({ queue: "many-8", due: { after } })]);
      const first = await claim(s, queues);
      passed();
      expect(first).toEqual(["many-7"]);
      await waitFor("it listens", () => listens(s));
      await waitFor("the delayed one", async () => {
        await s.broker.waitForWork(queues, { timeout: 15_000 });
        return (await claim(s, queues)).includes("many-8");
      });
      await settled(s, queues);
      await other.broker.enqueue([newJob({ queue: "many-9" })]);
      await s.broker.waitForWork(queues, { timeout: 15_000 });
      expect(await calls(s, async () => expect(await claim(s, queues)).toEqual(["many-9"]))).toBe(1);
    }));

  test("looks at all of them when wake-ups may have been missed", async () => {
    await using s = open();
    await using other = stage({}, { options: { path: server.path }, prefix: s.prefix });
    const queues = names(200);
    await settled(s, queues);
    await s.admin.del(...queues.map((queue) => `${s.prefix}:{${queue}}:idle`));
    await other.broker.enqueue([newJob({ queue: "many-3" })]);
    expect(await calls(s, async () => expect(await claim(s, queues)).toEqual([]))).toBe(0);
    await s.admin.client("KILL", "TYPE", "pubsub");
    const killed = performance.now();
    await waitFor("what nobody has told", async () => {
      await s.broker.waitForWork(queues, { timeout: 15_000 });
      return (await claim(s, queues)).includes("many-3");
    });
    expect(performance.now() - killed).toBeLessThan(15_000);
  });

  test("asks no queue that is paused, and each again that is resumed", async () => {
    await using s = open();
    const queues = [...names(20), "tree/a"];
    await s.broker.pause("many-1");
    await s.broker.pause("tree/");
    await s.broker.enqueue([newJob({ queue: "many-1" }), newJob({ queue: "tree/a" })]);
    await settled(s, queues);
    await s.broker.resume("many-1");
    await waitFor("the queue", async () => (await claim(s, queues)).includes("many-1"));
    await s.broker.resume("tree/");
    await waitFor("the tree", async () => (await claim(s, queues)).includes("tree/a"));
  });

  test("asks again for what a look did not bring because the server was away", async () => {
    await using s = open();
    const queues = names(30);
    await s.broker.enqueue([newJob({ queue: "many-5" })]);
    await s.broker.pause("nothing");
    const refused = stage({}, { options: { path: `${server.path}x` }, deadline: 100, prefix: s.prefix });
    await expect(claim(refused, queues)).rejects.toThrow(/Redis/);
    await refused[Symbol.asyncDispose]();
    expect(await claim(s, queues)).toEqual(["many-5"]);
  });
});

test("where queues stand in different slots, each is asked by itself", async () => {
  await using server = await redisServer("--cluster-enabled", "yes");
  await server.start();
  await using s = stage({}, { options: { path: server.path } });
  await s.admin.cluster("ADDSLOTS", ...Array.from({ length: 16_384 }, (_, slot) => slot));
  await waitFor("the cluster is up", async () => String(await s.admin.cluster("INFO")).includes("cluster_state:ok"));
  await using other = stage({}, { options: { path: server.path }, prefix: s.prefix });
  await other.broker.enqueue([newJob({ queue: "many-3" }), newJob({ queue: "many-150" })]);
  const { claims } = await s.broker.claim({ queues: names(200), max: 10, lease: 30_000, worker: "worker" });
  expect(claims.map(({ queue }) => queue).sort()).toEqual(["many-150", "many-3"]);
});
