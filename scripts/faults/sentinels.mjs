import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "../../packages/tandemq/dist/services/free-port.js";
import { startGuarded } from "../../packages/tandemq/dist/services/guarded-process.js";
import { redisKind } from "../../packages/tandemq/dist/services/redis/redis-kind.js";
import { until } from "./processes.mjs";
import { createStore } from "./stores.mjs";

const group = "tandemq";
const sentinels = 3;
/** A server that is silent for so long counts as dead, milliseconds. */
const downAfter = 1000;

/** A Redis primary and its replica, watched by three sentinels. A death is that of the primary; the replica takes over. */
export class Sentinels {
  #servers;
  #folder;
  #ports;
  #processes = [];
  #dead;

  static async create(folder, progress) {
    const kind = redisKind(true);
    const primary = await createStore({ kind }, join(folder, "r0"), progress);
    const flags = ["--replicaof", "127.0.0.1", new URL(primary.url).port];
    const replica = await createStore({ kind, flags }, join(folder, "r1"), progress);
    const ports = [];
    for (let i = 0; i < sentinels; i++) ports.push(await freePort());
    return new Sentinels([primary, replica], folder, ports);
  }

  constructor(servers, folder, ports) {
    this.#servers = servers;
    this.#folder = folder;
    this.#ports = ports;
    this.url = `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(",")}/${group}`;
  }

  /** Until the sentinels agree on a primary that serves; whoever was killed is back, as its replica. */
  async start() {
    if (this.#processes.length === 0) await this.#begin();
    else await this.#dead.start();
    const ready = async () => (await this.#roleOf(await this.#primaryUrl())) === "master";
    await until("there is a primary", ready, 60_000);
  }

  /** Kills the primary, and waits until the sentinels name another. */
  async kill() {
    const url = await this.#primaryUrl();
    this.#dead = this.#servers.find((server) => server.url === url);
    await this.#dead.kill();
    await until("another is the primary", async () => (await this.#primaryUrl()) !== url, 60_000);
  }

  async stop() {
    await Promise.all(this.#processes.map((one) => one.stop()));
    await Promise.all(this.#servers.map((server) => server.stop()));
  }

  async #begin() {
    for (const server of this.#servers) await server.start();
    const [primary, replica] = this.#servers;
    const linked = async () =>
      (await ask(replica.url, (redis) => redis.info("replication"))).includes("link_status:up");
    await until("the replica follows", linked, 30_000);
    this.#processes = this.#ports.map((port) => this.#sentinel(port, new URL(primary.url).port));
    await until("the sentinels know the replica and each other", () => this.#isComplete(), 30_000);
  }

  #sentinel(port, primary) {
    const folder = join(this.#folder, `s${port}`);
    mkdirSync(folder, { recursive: true });
    const lines = [
      ...[`port ${port}`, "bind 127.0.0.1", `dir ${folder}`],
      `sentinel monitor ${group} 127.0.0.1 ${primary} 2`,
      `sentinel down-after-milliseconds ${group} ${downAfter}`,
      `sentinel failover-timeout ${group} 10000`,
    ];
    const file = join(folder, "sentinel.conf");
    writeFileSync(file, `${lines.join("\n")}\n`);
    const command = ["redis-server", file, "--sentinel"];
    return startGuarded({
      command,
      logFile: join(folder, "sentinel.log"),
      temporaryFolder: undefined,
      env: process.env,
    });
  }

  async #isComplete() {
    const told = await Promise.all(
      this.#ports.map((port) => ask(sentinelUrl(port), (redis) => redis.info("sentinel"))),
    );
    return told.every((info) => info.includes(`slaves=1,sentinels=${sentinels}`));
  }

  async #primaryUrl() {
    const [host, port] = await ask(sentinelUrl(this.#ports[0]), (redis) =>
      redis.call("SENTINEL", "get-master-addr-by-name", group),
    );
    return `redis://${host}:${port}`;
  }

  async #roleOf(url) {
    const [role] = await ask(url, (redis) => redis.call("ROLE")).catch(() => []);
    return role;
  }
}

const sentinelUrl = (port) => `redis://127.0.0.1:${port}`;

/** One question to one server. */
async function ask(url, question) {
  const redis = new Redis(url, { maxRetriesPerRequest: 3, retryStrategy: () => 100, enableReadyCheck: false });
  redis.on("error", () => {});
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
