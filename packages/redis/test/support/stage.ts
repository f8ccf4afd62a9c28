import { randomBytes } from "node:crypto";
import { type Claim, type NewJob, newJobId, type Wakeups } from "@tandemq/core";
import { Redis } from "ioredis";
import { createRedis } from "../../src/index.js";
import type { RedisBrokerOptions, RedisConnectOptions } from "../../src/options.js";
import type { RedisBroker } from "../../src/redis-broker.js";

/** A broker on the Redis of the test run, under a prefix of its own, and a plain client to look behind it. */
export interface Stage extends AsyncDisposable {
  readonly prefix: string;
  readonly broker: RedisBroker;
  readonly wakeups: Wakeups;
  readonly admin: Redis;
  key(name: string): string;
}

export function testUrl(): string {
  const url = process.env["TANDEMQ_TEST_REDIS_URL"];
  if (!url) throw new Error("TANDEMQ_TEST_REDIS_URL is not set: run the tests through jest");
  return url;
}

export function stage(options: RedisBrokerOptions = {}, connect: RedisConnectOptions = { url: testUrl() }): Stage {
  const prefix = `t${randomBytes(5).toString("hex")}`;
  const redis = createRedis({ prefix, ...connect });
  const admin = connect.options?.path ? new Redis(connect.options.path) : new Redis(testUrl());
  admin.on("error", () => undefined);
  return {
    prefix,
    broker: redis.broker(options),
    wakeups: redis.wakeups(),
    admin,
    key: (name) => `${prefix}:{q}:${name}`,
    async [Symbol.asyncDispose]() {
      await redis.close();
      admin.disconnect();
    },
  };
}

export function newJob(change: Partial<NewJob> = {}): NewJob {
  return {
    id: newJobId(),
    queue: "q",
    path: "test.task",
    params: '{"a":1}',
    priority: 0,
    due: { after: 0 },
    ...change,
  };
}

export async function claim(broker: RedisBroker, max: number = 10, lease: number = 30_000): Promise<readonly Claim[]> {
  return (await broker.claim({ queues: ["q"], max, lease, worker: "worker" })).claims;
}

export function success({ id, queue, token }: Claim) {
  return { id, queue, token, outcome: { status: "success" as const } };
}
