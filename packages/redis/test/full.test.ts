import { expect, test } from "@jest/globals";
import type { Claim, SettleAnswer } from "@tandemq/core";
import { createRedis } from "../src/index.js";
import type { RedisBrokerOptions } from "../src/options.js";
import { redisServer } from "./support/redis-server.js";
import { claim, newJob, type Stage, stage, success } from "./support/stage.js";

/** Fills the server in `prepare`'s wake: from then on it takes nothing that grows, as where its memory is full. */
async function whenFull<T>(
  prepare: (s: Stage) => Promise<T>,
  act: (s: Stage, prepared: T, path: string) => Promise<void>,
  options: RedisBrokerOptions = {},
): Promise<void> {
  await using server = await redisServer();
  await server.start();
  await using s = stage({ keepFailures: true, ...options }, { options: { path: server.path } });
  await s.broker.start();
  const prepared = await prepare(s);
  await s.admin.config("SET", "maxmemory", "1");
  await act(s, prepared, server.path);
}

const settled: SettleAnswer[] = [{ state: "settled" }];
const error = { name: "Error", message: "broken" };

const failed = ({ id, queue, token }: Claim) => ({ id, queue, token, outcome: { status: "failed" as const, error } });
const retried = ({ id, queue, token }: Claim) => ({
  ...{ id, queue, token },
  outcome: { status: "retry" as const, delay: 0, priority: 3, error },
});

test("a full server refuses what is added, and lets its jobs be run, extended, retried and ended", async () => {
  const jobs = Array.from({ length: 3 }, () => newJob());
  await whenFull(
    (s) => s.broker.enqueue(jobs),
    async ({ broker }) => {
      await expect(broker.enqueue([newJob()])).rejects.toThrow(/its memory is full/);
      const claims = await claim(broker, 3);
      const [good, bad, again] = claims as [Claim, Claim, Claim];
      expect(await broker.extend(claims, 30_000)).toEqual(["extended", "extended", "extended"]);
      expect(await broker.settle([success(good)])).toEqual(settled);
      expect(await broker.settle([failed(bad)])).toEqual(settled);
      expect(await broker.settle([retried(again)])).toEqual(settled);
      const [last] = (await claim(broker)) as [Claim];
      expect(last).toMatchObject({ id: again.id, deliveries: 2 });
      expect(await broker.settle([success(last)])).toEqual(settled);
    },
  );
});

test("a full server: the first of very many queues, some of them empty, is found by who has never asked", async () => {
  const queues = Array.from({ length: 20 }, (_, i) => `q${i}`);
  await whenFull(
    (s) => s.broker.enqueue([newJob({ queue: "q7" })]),
    async ({ broker }) => {
      const { claims } = await broker.claim({ queues, max: 5, lease: 30_000, worker: "worker" });
      expect(claims.map(({ queue }) => queue)).toEqual(["q7"]);
    },
  );
});

test("a full server: a claim of some tasks only finds nothing, and says so", async () => {
  await whenFull(
    (s) => s.broker.enqueue([newJob()]),
    async ({ broker }) => {
      const paths = { only: ["other.*"], except: [] };
      const { claims } = await broker.claim({ queues: ["q"], max: 5, lease: 30_000, worker: "worker", paths });
      expect(claims).toEqual([]);
    },
  );
});

test("a full server: an entry of a timed queue may fail", async () => {
  await whenFull(
    (s) => s.broker.enqueue([newJob({ queue: "q", key: { value: "k", until: "start" } })]),
    async ({ broker }) => {
      const [held] = (await claim(broker)) as [Claim];
      expect(await broker.settle([failed(held)])).toEqual(settled);
      expect(await broker.get([held])).toMatchObject([{ status: "failed" }]);
    },
    { shapeOf: () => ({ kind: "timed", order: "fifo" }) },
  );
});

test("a full server: workers go on to tell that they live, and new ones find their queues", async () => {
  const worker = { id: "w", host: "h", pid: 1, startedAt: new Date(), queues: ["q"], concurrency: 1, processes: 1 };
  const record = { name: "q", mode: "no-storage", kind: "fifo" } as const;
  const prefix = { prefix: "full" };
  await whenFull(
    async (s) => {
      await using redis = createRedis({ ...prefix, options: { path: String(s.admin.options.path) } });
      await redis.registry().recordQueue(record);
      await redis.registry().heartbeat({ ...worker, state: "running", report: null }, 60_000);
    },
    async (_s, _prepared, path) => {
      await using redis = createRedis({ ...prefix, options: { path } });
      expect(await redis.registry().recordQueue(record)).toEqual(record);
      await redis.registry().heartbeat({ ...worker, state: "stopping", report: null }, 60_000);
      expect(await redis.registry().workers()).toMatchObject([{ id: "w", state: "stopping" }]);
    },
  );
});

test("a full server: the places of a concurrency limit are held, freed and given to the next", async () => {
  const figures = { limit: "l", concurrency: 1 };
  const [first, next] = [newJob(), newJob()];
  const ask = (job: { id: string; queue: string }) => [{ ...figures, job, token: `t${job.id}` }];
  await whenFull(
    async () => undefined,
    async (_s, _prepared, path) => {
      await using redis = createRedis({ prefix: "full", options: { path } });
      const limiter = redis.limiter();
      const hold = { ...figures, id: first.id, token: `t${first.id}` };
      expect(await limiter.ask(ask(first), 30_000)).toEqual([{ state: "go" }]);
      expect(await limiter.ask(ask(next), 30_000)).toMatchObject([{ state: "wait" }]);
      await limiter.extend([hold], 30_000);
      expect(await limiter.release([hold])).toEqual([{ id: next.id, queue: next.queue }]);
    },
  );
});
