import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { MongoClient } from "mongodb";

export const servicesModule: string = new URL("../../packages/tandemq/dist/services/index.js", import.meta.url).href;

/** This process's environment without the addresses that would replace private servers. */
export function privateEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { TANDEMQ_MONGO: _mongo, TANDEMQ_REDIS: _redis, ...env } = process.env;
  return { ...env, ...extra };
}

export async function countDocuments(mongoUrl: string): Promise<number> {
  await using client = new MongoClient(mongoUrl);
  return await client.db().collection("probe").countDocuments();
}

export async function insertDocument(mongoUrl: string): Promise<void> {
  await using client = new MongoClient(mongoUrl);
  const session = client.startSession();
  const write = () => client.db().collection("probe").insertOne({ at: new Date() }, { session });
  await session.withTransaction(write, { writeConcern: { w: "majority" } });
  await session.endSession();
}

export async function onRedis<T>(redisUrl: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(redisUrl);
  try {
    return await use(redis);
  } finally {
    await redis.quit();
  }
}

/** Whether something accepts connections at the address. */
export function answers(url: string): Promise<boolean> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port) });
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  }).then((answer) => {
    socket.destroy();
    return answer === true;
  });
}

/** Waits until the condition holds; false when it does not within the limit. */
export async function within(limitMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

export interface Keeper {
  readonly child: ChildProcess;
  readonly mongoUrl: string;
  readonly redisUrl: string;
}

/** Starts services in a process of their own, in a folder for temporary files of its own. */
export async function startKeeper(tmpdir: string): Promise<Keeper> {
  const program = fileURLToPath(new URL("keeper.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, servicesModule], {
    env: privateEnv({ TMPDIR: tmpdir }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, ...(JSON.parse(line.toString()) as { mongoUrl: string; redisUrl: string }) };
}
