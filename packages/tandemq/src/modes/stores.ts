import { type JobLogs, type JobStore, type Limiter, MemoryLimiter, type Registry, type Wakeups } from "@tandemq/core";
import type { Mongo } from "@tandemq/mongo";
import type { RedisStore } from "@tandemq/redis";
import type { Config } from "../config/config.js";
import { SharedRegistry } from "./shared-registry.js";

/** The stores that the configuration names. A driver is loaded only for a store that is used. */
export interface Stores {
  readonly mongo: Mongo | undefined;
  readonly redis: RedisStore | undefined;
  readonly documents: JobStore | undefined;
  readonly logs: JobLogs | undefined;
  /** Where queues are recorded and workers report. */
  readonly registry: Registry;
  /** Redis where there is one, else MongoDB. */
  readonly limiter: Limiter;
  readonly wakeups: readonly Wakeups[];
}

/** Loads the code of the stores that the configuration names: most of what a start takes. */
export async function loadDrivers({ redis, mongo }: Config): Promise<void> {
  await Promise.all([redis && import("@tandemq/redis"), mongo && import("@tandemq/mongo")]);
}

export async function openStores(config: Config, warn: (message: string) => void): Promise<Stores> {
  const [redis, createMongo] = await Promise.all([
    config.redis && openRedis(config.redis.url, config.prefix, warn),
    config.mongo && import("@tandemq/mongo").then((module) => module.createMongo),
  ]);
  const mongo =
    config.mongo &&
    createMongo?.({
      url: config.mongo.url,
      warn,
      ...(config.prefix === undefined ? {} : { prefix: `${config.prefix}_` }),
      ...(redis ? { wakeups: redis.wakeups() } : {}),
    });
  return {
    mongo,
    redis,
    documents: mongo?.store(),
    logs: mongo?.logs(),
    registry: new SharedRegistry([mongo?.registry(), redis?.registry()].filter((one) => one !== undefined)),
    limiter: limiterOf(mongo, redis),
    wakeups: mongo ? [mongo.wakeups] : redis ? [redis.wakeups()] : [],
  };
}

function limiterOf(mongo: Mongo | undefined, redis: RedisStore | undefined): Limiter {
  return redis?.limiter() ?? mongo?.limiter() ?? new MemoryLimiter();
}

async function openRedis(
  url: string,
  prefix: string | undefined,
  warn: (message: string) => void,
): Promise<RedisStore> {
  const { createRedis } = await import("@tandemq/redis");
  return createRedis({ url, warn, ...(prefix === undefined ? {} : { prefix }) });
}
