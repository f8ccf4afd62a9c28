import { Client, type Deployment, newJobId, type QueueMode } from "@tandemq/core";
import { Redis } from "ioredis";
import { MongoClient, type Document } from "mongodb";
import { createDeployment, loadConfig, type UserConfig } from "tandemq";
import { mongoUrl, redisUrl } from "../support/stores.js";
import { unique } from "../support/unique.js";

/** A deployment of the test's own, with plain clients to look behind it, and to spoil what is there. */
export interface Installation extends AsyncDisposable {
  readonly config: UserConfig;
  readonly deployment: Deployment;
  readonly client: Client;
  readonly redis: Redis;
  readonly mongo: MongoClient;
  readonly jobs: ReturnType<ReturnType<MongoClient["db"]>["collection"]>;
  /** The Redis key of a queue. */
  key(queue: string, name: string): string;
}

/** Every mode has the queue of its name. */
export async function install(more: UserConfig = {}, stores: "both" | "redis" = "both"): Promise<Installation> {
  const prefix = unique("ops");
  const mongo = mongoUrl(prefix);
  const modes: QueueMode[] = stores === "both" ? ["regular", "raw", "no-storage"] : ["no-storage"];
  const queues = Object.fromEntries(modes.map((mode) => [mode, mode]));
  const own: UserConfig = { redis: redisUrl(), prefix, queues, ...(stores === "both" ? { mongo } : {}), ...more };
  const { config } = await loadConfig({ config: own, env: {} });
  const deployment = createDeployment(config);
  await deployment.start();
  const redis = new Redis(redisUrl());
  const admin = new MongoClient(mongo);
  const client = new Client(deployment);
  return {
    ...{ config: own, deployment, client, redis, mongo: admin },
    jobs: admin.db().collection<Document>(`${prefix}_jobs`),
    key: (queue, name) => `${prefix}:{${queue}}:${name}`,
    async [Symbol.asyncDispose]() {
      await client.close();
      redis.disconnect();
      await admin.db().dropDatabase();
      await admin.close();
    },
  };
}

/** Puts text into a queue that no producer of ours would write; returns the entry's id. */
export async function spoil({ redis, key }: Installation, queue: string, text: string): Promise<string> {
  const id = newJobId();
  await redis.hset(key(queue, "body"), id, text);
  await redis.zadd(key(queue, "ready"), 1, id);
  return id;
}

/** Claims what is due in a queue. */
export async function claimAll({ deployment }: Installation, queue: string, lease: number = 60_000) {
  const { broker } = await deployment.route(queue);
  return broker.claim({ queues: [queue], max: 100, lease, worker: "w1" });
}
