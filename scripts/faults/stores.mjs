import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { firstRoute } from "../../packages/tandemq/dist/services/first-route.js";
import { freePort } from "../../packages/tandemq/dist/services/free-port.js";
import { startGuarded } from "../../packages/tandemq/dist/services/guarded-process.js";
import { mongoKind } from "../../packages/tandemq/dist/services/mongo/mongo-kind.js";
import { mongoRoutes } from "../../packages/tandemq/dist/services/mongo/mongo-routes.js";
import { redisKind } from "../../packages/tandemq/dist/services/redis/redis-kind.js";
import { redisRoutes } from "../../packages/tandemq/dist/services/redis/redis-routes.js";
import { defaultCacheDir } from "../../packages/tandemq/dist/services/cache-dir.js";
import { send } from "./processes.mjs";

/** Longest time from a server's start until it serves, milliseconds. */
const startLimit = 60_000;

/** A private store server that keeps its data and its port over deaths and restarts, and never outlives this process. */
class Store {
  #kind;
  #command;
  #folder;
  #port;
  #server;

  constructor({ kind, binary, folder, port, flags = [] }) {
    this.#kind = kind;
    this.#folder = folder;
    this.#port = port;
    this.#command = binary.command(port, folder, [...kind.flags, ...flags]);
    this.url = kind.urlOf(port);
  }

  async start() {
    const logFile = join(this.#folder, "server.log");
    this.#server = startGuarded({ command: this.#command, logFile, temporaryFolder: undefined, env: process.env });
    await this.#kind.waitUntilReady(this.#port, AbortSignal.timeout(startLimit));
  }

  /** `kill -9`: of the server and of the shell that guards it, which are one process group. */
  async kill() {
    send(-this.#server.pid, "SIGKILL");
    await this.#server.ended;
  }

  stop() {
    return this.#server?.stop();
  }
}

/** A Redis that acknowledges nothing before its log is on the disk, and a MongoDB replica set of one. Not yet started. */
export async function createStores(folder, progress) {
  const redis = { kind: redisKind(true), flags: ["--appendfsync", "always"] };
  return {
    redis: await createStore(redis, folder, progress),
    mongo: await createStore({ kind: mongoKind }, folder, progress),
  };
}

const routes = { redis: redisRoutes, mongo: mongoRoutes };

/** One server, not yet started. `kind`: how it is set up, by whose name it is found on this machine. */
export async function createStore({ kind, flags }, parent, progress = () => {}) {
  const context = { env: process.env, cacheDir: defaultCacheDir(process.env), progress };
  const wanted = { server: kind.name, variable: "PATH" };
  const binary = await firstRoute(routes[kind.name], wanted, context);
  const folder = join(parent, kind.name);
  mkdirSync(folder, { recursive: true });
  return new Store({ kind, binary, folder, port: await freePort(), flags });
}
