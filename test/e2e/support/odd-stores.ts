import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { MongoClient } from "mongodb";
import { createStore, type StoreKind } from "../../../scripts/faults/stores.mjs";

/** A MongoDB that is no replica set. */
export const standalone: StoreKind = {
  name: "mongo",
  flags: ["--wiredTigerCacheSizeGB", "0.25", "--nounixsocket"],
  urlOf: (port) => `mongodb://127.0.0.1:${port}/tandemq`,
  waitUntilReady: async (port) => {
    await using client = new MongoClient(`mongodb://127.0.0.1:${port}`, { serverSelectionTimeoutMS: 20_000 });
    await client.db("admin").command({ ping: 1 });
  },
};

/** A Redis that throws keys away when its memory is full. */
export const evicting: StoreKind = {
  name: "redis",
  flags: ["--save", "", "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"],
  urlOf: (port) => `redis://127.0.0.1:${port}`,
  waitUntilReady: async (port) => {
    const redis = new Redis(port, "127.0.0.1", { maxRetriesPerRequest: null, retryStrategy: () => 20 });
    redis.on("error", () => {});
    await redis.ping();
    redis.disconnect();
  },
};

/** Runs `use` with the address of a private server of this kind. */
export async function withServer(kind: StoreKind, use: (url: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tandemq-odd-"));
  const store = await createStore({ kind }, folder);
  try {
    await store.start();
    await use(store.url);
  } finally {
    await store.stop();
    rmSync(folder, { recursive: true });
  }
}
