import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { BrokerUnavailableError } from "@tandemq/core";
import { ask } from "./control.js";
import { placesOf, type Places } from "./places.js";
import type { BackgroundServices, KeeperMessage } from "./state.js";
import type { Ports } from "../types.js";

export interface BackgroundOptions {
  /** The data goes with the services. Default: false, it is kept for the next start. */
  readonly temporary?: boolean;
  /** Ports that are taken if they are free. Default: those of the last start, else the usual ones. */
  readonly ports?: Ports;
  /** Gets one line of text for each step worth telling. Default: silence. */
  readonly onProgress?: (line: string) => void;
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/** The services of this user that run in the background, if they do. */
export async function backgroundServices(
  env: NodeJS.ProcessEnv = process.env,
): Promise<BackgroundServices | undefined> {
  return (await ask(placesOf(env).socket, "status")) as BackgroundServices | undefined;
}

/**
 * Brings up MongoDB and Redis in the background: they go on when this process ends, until they are stopped. Where they
 * already run, they are left as they are and `started` is false.
 *
 * @throws BrokerUnavailableError, which says what was tried and what to do
 */
export async function startInBackground(
  options: BackgroundOptions = {},
): Promise<{ started: boolean; services: BackgroundServices }> {
  const env = options.env ?? process.env;
  const running = await backgroundServices(env);
  if (running !== undefined) return { started: false, services: running };
  const places = placesOf(env);
  await mkdir(places.folder, { recursive: true, mode: 0o700 });
  const keeper = startKeeper(places, keeperFlags(options), env);
  const services = await untilReady(keeper, places.log, options.onProgress);
  return { started: true, services };
}

/** Ends the services that run in the background; false when none do. */
export async function stopBackground(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  return (await ask(placesOf(env).socket, "stop")) !== undefined;
}

function keeperFlags({ temporary = false, ports: { mongo, redis } = {} }: BackgroundOptions): string[] {
  return [
    ...(temporary ? ["--temporary"] : []),
    ...(mongo === undefined ? [] : ["--mongo-port", String(mongo)]),
    ...(redis === undefined ? [] : ["--redis-port", String(redis)]),
  ];
}

function startKeeper({ folder, log }: Places, flags: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const keeper = fileURLToPath(new URL("keeper.js", import.meta.url));
  const output = openSync(log, "w");
  try {
    const stdio = ["ignore", output, output, "ipc"] as ("ignore" | "ipc" | number)[];
    return fork(keeper, flags, { cwd: folder, detached: true, env, execArgv: [], stdio });
  } finally {
    closeSync(output);
  }
}

async function untilReady(
  keeper: ChildProcess,
  log: string,
  onProgress: (line: string) => void = () => {},
): Promise<BackgroundServices> {
  try {
    return await new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new BrokerUnavailableError(why));
      keeper.once("error", reject).once("exit", () => fail(`the process that keeps the services ended; see ${log}`));
      keeper.on("message", (message: KeeperMessage) => {
        if ("progress" in message) onProgress(message.progress);
        else if ("ready" in message) resolve(message.ready);
        else fail(message.failed);
      });
    });
  } finally {
    keeper.removeAllListeners();
    if (keeper.connected) keeper.disconnect();
    keeper.unref();
  }
}
