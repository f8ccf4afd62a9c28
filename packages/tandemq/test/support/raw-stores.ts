import { randomBytes } from "node:crypto";
import type { HoldingBroker, JobStore } from "@tandemq/core";
import { createMongo, type Mongo } from "@tandemq/mongo";
import { createRedis, type RedisStore } from "@tandemq/redis";
import { MongoClient } from "mongodb";
import { mongoUrl, redisUrl } from "../../../../test/support/stores.js";

/** A Redis broker and a MongoDB job store of the test's own. */
export interface RawStores extends AsyncDisposable {
  readonly live: HoldingBroker;
  readonly store: JobStore;
}

/** The same stores, as every mode uses them. */
export interface ModeStores extends RawStores {
  readonly mongo: Mongo;
  readonly redis: RedisStore;
}

/** @param more what Redis is asked to do otherwise */
export async function openRawStores(more: { deadline?: number } = {}): Promise<ModeStores> {
  const name = `tq-${randomBytes(5).toString("hex")}`;
  const url = mongoUrl(name);
  const redis = createRedis({ url: redisUrl(), prefix: name, ...more });
  const mongo = createMongo({ url });
  const [live, store] = [redis.broker(), mongo.store()];
  await Promise.all([live.start(), store.start()]);
  return {
    ...{ live, store, mongo, redis },
    async [Symbol.asyncDispose]() {
      await live.close();
      await Promise.all([redis.close(), mongo.close()]);
      await using client = new MongoClient(url);
      await client.db().dropDatabase();
    },
  };
}
