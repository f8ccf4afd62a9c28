/**
 * The process that keeps services in the background: it starts them, answers through the control socket, and ends them
 * when it is asked or signalled. They do not outlive it, however it ends.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startServices } from "../start-services.js";
import type { Services } from "../types.js";
import { openControl, type Request } from "./control.js";
import { placesOf } from "./places.js";
import type { BackgroundServices, KeeperMessage } from "./state.js";

const places = placesOf(process.env);
const flag = { type: "string" } as const;
const { values: flags } = parseArgs({
  options: { temporary: { type: "boolean", default: false }, "mongo-port": flag, "redis-port": flag },
});
const { temporary } = flags;

function tell(message: KeeperMessage): void {
  if (process.connected) process.send?.(message, () => {});
}

function portOf(url: unknown): number | undefined {
  return typeof url === "string" && URL.canParse(url) ? Number(new URL(url).port) : undefined;
}

/** Those that were asked for, else of the last start, so that addresses in configurations stay right, or the usual ones. */
async function wantedPorts(): Promise<{ mongo: number; redis: number }> {
  const last = JSON.parse(await readFile(places.record, "utf8").catch(() => "{}")) as Partial<BackgroundServices>;
  const { "mongo-port": mongo = portOf(last.mongoUrl), "redis-port": redis = portOf(last.redisUrl) } = flags;
  return { mongo: Number(mongo ?? 27_017), redis: Number(redis ?? 6379) };
}

interface Kept {
  readonly services: Services;
  readonly state: BackgroundServices;
}

async function start(): Promise<Kept> {
  const { TANDEMQ_MONGO: _mongo, TANDEMQ_REDIS: _redis, ...env } = process.env;
  const onProgress = (progress: string) => tell({ progress });
  const data = temporary ? {} : { dataDir: places.data };
  const services = await startServices({ ...data, env, onProgress, ports: await wantedPorts() });
  const { mongoUrl = "", redisUrl = "" } = services;
  const since = new Date().toISOString();
  const state = { mongoUrl, redisUrl, pid: process.pid, since, ...(temporary ? {} : { data: places.data }) };
  await writeFile(places.record, JSON.stringify(state));
  return { services, state };
}

async function keep(): Promise<void> {
  const now: { kept?: Promise<Kept> } = {};
  const stop = async () => {
    await (await now.kept)?.services.stop();
    control?.close();
  };
  const answer = async (request: Request) => {
    const running = await now.kept?.catch(() => undefined);
    if (request === "stop") await stop();
    return running?.state;
  };
  const control = await openControl(places.socket, answer);
  if (control === undefined) return tell({ failed: "somebody else started services at the same moment" });
  now.kept = start();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
  try {
    tell({ ready: (await now.kept).state });
  } catch (error) {
    control.close();
    tell({ failed: error instanceof Error ? error.message : String(error) });
  }
}

void keep();
