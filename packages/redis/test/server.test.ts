import { expect, test } from "@jest/globals";
import { BrokerUnavailableError, StoreRefusedError } from "@tandemq/core";
import { createRedis } from "../src/index.js";
import { redisServer } from "./support/redis-server.js";
import { claim, newJob, stage, success } from "./support/stage.js";
import { quickest } from "../../../test/support/patience.js";
import { deadline, waitFor } from "../../../test/support/wait-for.js";

test("scripts may be flushed between any two calls", async () => {
  await using server = await redisServer();
  await server.start();
  await using s = stage({}, { options: { path: server.path } });
  const flush = () => s.admin.script("FLUSH");
  await flush();
  await s.broker.enqueue([newJob()]);
  await flush();
  const claims = await claim(s.broker);
  await flush();
  expect(await s.broker.extend(claims, 30_000)).toEqual(["extended"]);
  await flush();
  expect(await s.broker.settle(claims.map(success))).toEqual([{ state: "settled" }]);
});

test("a server that knows no script refuses no call, so that none comes behind later ones", async () => {
  await using server = await redisServer();
  await server.start();
  await using s = stage({}, { options: { path: server.path } });
  const jobs = Array.from({ length: 100 }, () => newJob());
  await Promise.all(jobs.map((job) => s.broker.enqueue([job])));
  const claims = await claim(s.broker, 100);
  expect(claims.map(({ id }) => id)).toEqual(jobs.map(({ id }) => id));
  await s.broker.settle(claims.map(success));
  expect(await s.admin.info("errorstats")).not.toContain("NOSCRIPT");
});

test("a server that is killed and started again is found again, with every job and delivery", async () => {
  await using server = await redisServer("--appendonly", "yes", "--appendfsync", "always");
  await server.start();
  await using s = stage({}, { options: { path: server.path }, deadline });
  await s.broker.enqueue([newJob(), newJob()]);
  const [held] = await claim(s.broker, 1);
  await server.kill();
  const settling = held && s.broker.settle([success(held)]);
  await server.start();
  expect(await settling).toEqual([{ state: "settled" }]);
  const rest = await waitFor("the other job", async () => claim(s.broker));
  expect(rest).toMatchObject([{ lost: 0, deliveries: 1 }]);
});

test("what was paused is paused after the server was killed and started again, a tree too, until it is resumed", async () => {
  await using server = await redisServer("--appendonly", "yes", "--appendfsync", "always");
  await server.start();
  await using s = stage({}, { options: { path: server.path }, deadline });
  const queues = ["q", "tree/a", "open"];
  await s.broker.enqueue(queues.map((queue) => ({ ...newJob(), queue })));
  await s.broker.pause("q");
  await s.broker.pause("tree/");
  await server.kill();
  await server.start();
  const claimed = async () => {
    const { claims } = await s.broker.claim({ queues, max: 10, lease: 30_000, worker: "worker" });
    return claims.length > 0 && claims.map(({ queue }) => queue).sort();
  };
  expect(await waitFor("the open queue's job", claimed)).toEqual(["open"]);
  expect((await s.broker.paused()).sort()).toEqual(["q", "tree/"]);
  expect(await claimed()).toBe(false);
  await s.broker.resume("q");
  expect(await waitFor("the job of the resumed queue", claimed)).toEqual(["q"]);
  await s.broker.resume("tree/");
  expect(await waitFor("the job of the resumed tree", claimed)).toEqual(["tree/a"]);
});

test("who waits for work looks everywhere after a reconnect", async () => {
  await using server = await redisServer();
  await server.start();
  await using s = stage({}, { options: { path: server.path } });
  expect(await claim(s.broker)).toEqual([]);
  await waitFor("the subscriber listens", async () => (await s.admin.pubsub("NUMSUB", `${s.prefix}:wake`))[1] === 1);
  await s.broker.waitForWork(["q"], { timeout: 10_000 });
  expect(await claim(s.broker)).toEqual([]);
  const start = performance.now();
  const waiting = s.broker.waitForWork(["q"], { timeout: 60_000 });
  await s.admin.call("CLIENT", "KILL", "TYPE", "pubsub");
  await waiting;
  expect(performance.now() - start).toBeLessThan(60_000);
});

test("an unreachable server is named without its password, within the deadline", async () => {
  let error: unknown;
  const refuse = async () => {
    await using redis = createRedis({ url: "redis://user:secret@127.0.0.1:1", deadline: 300 });
    const start = performance.now();
    error = await redis
      .broker()
      .start()
      .catch((thrown: unknown) => thrown);
    return performance.now() - start;
  };
  expect(await quickest(3_000, refuse)).toBeLessThan(3_000);
  expect(error).toBeInstanceOf(BrokerUnavailableError);
  expect(String(error)).toMatch(/redis:\/\/user:\*\*\*@127\.0\.0\.1:1 .*ECONNREFUSED.*check that it runs/);
  expect(String(error)).not.toContain("secret");
});

test("a server that evicts is refused with the command that mends it", async () => {
  await using server = await redisServer("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
  await server.start();
  await using s = stage({}, { options: { path: server.path } });
  const error: unknown = await s.broker.start().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StoreRefusedError);
  expect(String(error)).toMatch(/allkeys-lru.*redis-cli config set maxmemory-policy noeviction/);
  await s.admin.config("SET", "maxmemory-policy", "noeviction");
  await s.broker.start();
});

test("a server that does not tell its settings is taken with a warning", async () => {
  await using server = await redisServer();
  await server.start();
  const warnings: string[] = [];
  const options = { path: server.path, username: "app", password: "pw" };
  await using s = stage({}, { options, warn: (message) => warnings.push(message) });
  await s.admin.call("ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "+@all", "-info", "-config");
  await s.broker.start();
  expect(warnings).toHaveLength(2);
  expect(warnings.join()).toMatch(/version.*maxmemory-policy/s);
});

test("a server without a byte of memory left refuses jobs, and still lets workers empty the queues", async () => {
  await using server = await redisServer();
  await server.start();
  await using s = stage({}, { options: { path: server.path } });
  await s.broker.enqueue([newJob(), newJob({ key: { value: "k", until: "start" } }), newJob({ due: { after: 1 } })]);
  await s.admin.config("SET", "maxmemory", "1");
  await expect(s.broker.enqueue([newJob()])).rejects.toThrow(StoreRefusedError);
  const claims = await waitFor("all three are due", async () => {
    const found = await s.broker.counts(["q"]);
    return found.get("q")?.queued === 3 && claim(s.broker);
  });
  expect(claims.length).toBeGreaterThan(0);
  expect(await s.broker.extend(claims, 30_000)).toEqual(claims.map(() => "extended"));
  expect(await s.broker.settle(claims.map(success))).toEqual(claims.map(() => ({ state: "settled" })));
});
