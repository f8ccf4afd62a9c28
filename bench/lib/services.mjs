/** Private stores of one benchmark run, brought up by the product's own means, and a folder for everything else. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { MongoClient } from "mongodb";
import { startServices as startStores } from "../../packages/tandemq/dist/services/index.js";

/** What the stores are told, as it is printed with the results. */
export const settings = {
  redis: "no persistence (save '', appendonly no), noeviction",
  mongo: "replica set of one, journal on, 0.25 GB cache",
};

export async function startServices() {
  const { TANDEMQ_MONGO: _, TANDEMQ_REDIS: __, ...env } = process.env;
  const stores = await startStores({ env });
  const folder = mkdtempSync(join(tmpdir(), "tandemq-bench-"));
  const { mongoUrl, redisUrl } = stores;
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  redis.on("error", () => {});
  const mongo = await MongoClient.connect(mongoUrl);
  return {
    folder,
    redis,
    mongo,
    redisUrl,
    mongoUrl,
    versions: await versionsOf(redis, mongo),
    clear: () => clear(redis, mongo),
    async stop() {
      redis.disconnect();
      await mongo.close().catch(() => {});
      await stores.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function versionsOf(redis, mongo) {
  const { version } = await mongo.db("admin").command({ buildInfo: 1 });
  return { redis: /redis_version:(\S+)/.exec(await redis.info("server"))[1], mongod: version };
}

/** Empties both stores. */
async function clear(redis, mongo) {
  await redis.flushall("SYNC");
  const { databases } = await mongo.db().admin().listDatabases({ nameOnly: true });
  const ours = databases.map(({ name }) => name).filter((name) => !["admin", "config", "local"].includes(name));
  await Promise.all(ours.map((name) => mongo.db(name).dropDatabase()));
}
