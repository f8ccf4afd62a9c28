import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { RedisConnectOptions } from "../options.js";

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

  constructor(options: RedisConnectOptions, deadline: number) {
    this.client = connect(options, deadline);
    this.client.on("error", (error: Error) => {
      this.lastError = error;
    });
    this.client.on("ready", () => {
      this.lastError = undefined;
    });
  }

  /** Nothing when it is connected; else resolves when it is, and rejects when it is closed. */
  ready(): Promise<void> | undefined {
    if (this.client.status === "ready") return undefined;
    this.#waiting ??= this.#wait().finally(() => {
      this.#waiting = undefined;
    });
    return this.#waiting;
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
  const own = clientOptions(options ?? {}, deadline);
  if (cluster) return new Cluster([...cluster.nodes], { ...cluster.options, redisOptions: own });
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
