/** Private stores of one benchmark run: on free loopback ports, in a temporary folder, gone afterwards. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Redis } from "ioredis";
import { MongoClient } from "mongodb";
import { until } from "./clock.mjs";
import { start, stop } from "./processes.mjs";

/** What the stores are told, as it is printed with the results. */
export const settings = {
  redis: "no persistence (save '', appendonly no), noeviction",
  mongo: "replica set of one, journal on, 0.5 GB cache",
};

export async function startServices() {
  const folder = mkdtempSync(join(tmpdir(), "tandemq-bench-"));
  const [redis, mongo] = await Promise.all([startRedis(folder), startMongo(folder)]);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return {
    folder,
    redisUrl: redis.url,
    mongoUrl: mongo.url,
    versions: { redis: redis.version, mongod: mongo.version },
    remove,
    /** Empties both stores. */
    async clear() {
      await redis.client.flushall("SYNC");
      const { databases } = await mongo.client.db("admin").admin().listDatabases({ nameOnly: true });
      const ours = databases.map(({ name }) => name).filter((name) => !["admin", "config", "local"].includes(name));
      await Promise.all(ours.map((name) => mongo.client.db(name).dropDatabase()));
    },
    redis: redis.client,
    mongo: mongo.client,
    async stop() {
      redis.client.disconnect();
      await mongo.client.close();
      await Promise.all([stop(redis.child), stop(mongo.child)]);
      remove();
    },
  };
}

async function startRedis(folder) {
  const port = await freePort();
  const options = {
    port,
    bind: "127.0.0.1",
    dir: folder,
    save: "",
    appendonly: "no",
    "maxmemory-policy": "noeviction",
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = start(findBinary("redis-server"), args);
  const client = new Redis({ host: "127.0.0.1", port, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on("error", () => {});
  const version = /redis_version:(\S+)/.exec(await client.info("server"))[1];
  return { child, client, version, url: `redis://127.0.0.1:${port}` };
}

async function startMongo(folder) {
  const port = await freePort();
  const args = ["--dbpath", folder, "--port", port, "--bind_ip", "127.0.0.1", "--unixSocketPrefix", folder];
  const child = start(
    findBinary("mongod"),
    [...args, "--replSet", "bench", "--wiredTigerCacheSizeGB", "0.5"].map(String),
  );
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  const admin = client.db("admin");
  await admin.command({ replSetInitiate: { _id: "bench", members: [{ _id: 0, host: `127.0.0.1:${port}` }] } });
  await until(async () => (await admin.command({ hello: 1 })).isWritablePrimary, "mongod to be primary");
  const { version } = await admin.command({ buildInfo: 1 });
  return { child, client, version, url: `mongodb://127.0.0.1:${port}/bench?replicaSet=bench` };
}

function findBinary(name) {
  const named = process.env[`BENCH_${name.toUpperCase().replace("-", "_")}`];
  const folders = [...(process.env.PATH ?? "").split(delimiter), join(homedir(), ".cache/tandemq/bin")];
  const found = named ?? folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (found) return found;
  throw new Error(`no ${name} found: put it on the PATH, or run "npm run demo" once, which fetches a portable one`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
