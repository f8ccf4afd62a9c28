import { setTimeout as sleep } from "node:timers/promises";
import type { ServerKind } from "../start-server.js";
import { pingRedis } from "./ping-redis.js";

const RETRY_MS = 10;

async function waitUntilReady(port: number, signal: AbortSignal): Promise<void> {
  while (!(await pingRedis(port))) {
    signal.throwIfAborted();
    await sleep(RETRY_MS);
  }
}

/** A Redis that never evicts: with an append-only file where its data is to be kept, else in memory only. */
export function redisKind(kept: boolean): ServerKind {
  return {
    name: "redis",
    flags: ["--save", "", "--appendonly", kept ? "yes" : "no", "--maxmemory-policy", "noeviction"],
    urlOf: (port) => `redis://127.0.0.1:${port}`,
    waitUntilReady,
  };
}
