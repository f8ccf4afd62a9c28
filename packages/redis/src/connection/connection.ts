import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { LuaScript } from "../generated/lua.js";
import type { RedisConnectOptions } from "../options.js";
import { clusterAddress } from "./cluster-address.js";
import type { IsLate } from "./deadlines.js";
import { sentinelOptions } from "./sentinel-address.js";

export type Client = Redis | Cluster;

/**
 * `producer` for what services ask, `worker` for claims and what follows them, `subscriber` listens. None pipelines by
 * itself: clients gather the enqueues of one moment into one call, and a lone command goes out a turn earlier.
 */
export type ConnectionKind = "producer" | "worker" | "subscriber";

/** Longest wait between two attempts to connect, ms. */
const retryAtMost = 2_000;

/** One connection, which repairs itself for as long as it is not closed. */
export class Connection {
  readonly client: Client;
  /** Why it is not connected; nothing once it is. */
  lastError: Error | undefined;
  #waiting: Promise<void> | undefined;
  readonly #sent = new Set<LuaScript>();

  constructor(options: RedisConnectOptions, deadline: number) {
    this.client = connect(options, deadline);
    this.client.on("error", (error: Error) => {
      this.lastError = error;
    });
    this.client.on("ready", () => {
      this.lastError = undefined;
      this.#sent.clear();
    });
  }

  /** Whether this is the first use of a script since the connection was made, perhaps to another server. */
  isFirst(script: LuaScript): boolean {
    if (this.#sent.has(script)) return false;
    this.#sent.add(script);
    return true;
  }

  /** Sends as soon as it is connected, unless nobody waits for the answer any more. */
  ask<T>(send: (client: Client) => Promise<T>, isLate: IsLate): Promise<T> {
    return this.client.status === "ready" ? send(this.client) : this.#askLater(send, isLate);
  }

  async #askLater<T>(send: (client: Client) => Promise<T>, isLate: IsLate): Promise<T> {
    this.#waiting ??= this.#wait().finally(() => {
      this.#waiting = undefined;
    });
    await this.#waiting;
    if (isLate()) throw new Error("nobody waits for the answer any more");
    return send(this.client);
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error("the connection is closed"));
      this.client.once("ready", () => {
        this.client.off("end", ended);
        resolve();
      });
      this.client.once("end", ended);
    });
  }
}

function connect({ url, cluster, options }: RedisConnectOptions, deadline: number): Client {
  const sentinels = url === undefined ? undefined : sentinelOptions(url);
  const named = url === undefined ? undefined : clusterAddress(url);
  const own = clientOptions({ ...options, ...sentinels, ...named?.options }, deadline);
  if (sentinels) return new Redis(own);
  const nodes = named?.nodes ?? cluster?.nodes;
  if (nodes) return new Cluster([...nodes], { ...cluster?.options, redisOptions: own });
  return url === undefined ? new Redis(own) : new Redis(url, own);
}

/** A connection on which an answer is overdue is given up: nobody would notice that the other side is gone. */
function clientOptions(options: RedisOptions, deadline: number): RedisOptions {
  return {
    failoverDetector: options.sentinels !== undefined,
    connectTimeout: deadline,
    ...options,
    socketTimeout: 2 * deadline,
    maxRetriesPerRequest: null,
    enableOfflineQueue: true,
    enableAutoPipelining: false,
    // After a failover the old primary is a replica: the next connection finds the new one.
    reconnectOnError: (error) => error.message.includes("READONLY"),
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), retryAtMost),
  };
}
