import { ClosedError, redactUrl } from "@tandemq/core";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { LuaScript } from "../generated/lua.js";
import { defaultDeadline, type RedisConnectOptions } from "../options.js";
import { toBrokerError } from "./broker-errors.js";

export type Client = Redis | Cluster;

/** `producer` shares round trips between commands of one moment, `worker` does not, `subscriber` listens. */
export type ConnectionKind = "producer" | "worker" | "subscriber";

/** A worst wait between two attempts to connect, ms. */
const retryAtMost = 2_000;

/** The connections of one deployment: made when first used, repaired by themselves, closed together. */
export class Connections {
  /** The address as it may be shown. */
  readonly where: string;
  readonly deadline: number;
  readonly #options: RedisConnectOptions;
  readonly #clients = new Map<ConnectionKind, Client>();
  #closed = false;
  #lastError: Error | undefined;

  constructor(options: RedisConnectOptions) {
    this.#options = options;
    this.deadline = options.deadline ?? defaultDeadline;
    this.where = describe(options);
  }

  client(kind: ConnectionKind): Client {
    if (this.#closed) throw new ClosedError(`the connection to Redis at ${this.where}`);
    const known = this.#clients.get(kind);
    if (known) return known;
    const client = this.#connect(kind);
    client.on("error", (error: Error) => {
      this.#lastError = error;
    });
    client.on("ready", () => {
      this.#lastError = undefined;
    });
    this.#clients.set(kind, client);
    return client;
  }

  /**
   * Runs a script by its digest, sending its text to a server that does not know it.
   *
   * @throws BrokerUnavailableError after the deadline, StoreRefusedError, ClosedError
   */
  run(kind: ConnectionKind, script: LuaScript, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    return this.command(kind, async (client) => {
      try {
        return await client.evalsha(script.sha1, script.numberOfKeys, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
        return client.eval(script.lua, script.numberOfKeys, ...keys, ...args);
      }
    });
  }

  /** Runs a command, with the errors of {@link run}. */
  async command<T>(kind: ConnectionKind, send: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await send(this.client(kind));
    } catch (error) {
      if (this.#closed) throw new ClosedError(`the connection to Redis at ${this.where}`);
      throw toBrokerError(error, this.where, this.deadline, this.#lastError);
    }
  }

  close(): void {
    this.#closed = true;
    for (const client of this.#clients.values()) client.disconnect();
    this.#clients.clear();
  }

  #connect(kind: ConnectionKind): Client {
    const { url, cluster } = this.#options;
    const options = this.#clientOptions(kind);
    if (cluster) {
      const enableAutoPipelining = options.enableAutoPipelining === true;
      return new Cluster([...cluster.nodes], { ...cluster.options, enableAutoPipelining, redisOptions: options });
    }
    return url === undefined ? new Redis(options) : new Redis(url, options);
  }

  /** A silent connection is given up soon: a command that nobody answers, or the subscriber's own pings. */
  #clientOptions(kind: ConnectionKind): RedisOptions {
    return {
      failoverDetector: this.#options.options?.sentinels !== undefined,
      connectTimeout: this.deadline,
      ...this.#options.options,
      commandTimeout: this.deadline,
      socketTimeout: 2 * this.deadline,
      maxRetriesPerRequest: null,
      enableOfflineQueue: true,
      enableAutoPipelining: kind === "producer",
      retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), retryAtMost),
    };
  }
}

export type Argument = string | number;

function describe({ url, options, cluster }: RedisConnectOptions): string {
  if (url !== undefined) return redactUrl(url);
  if (cluster) return `cluster ${cluster.nodes.map((node) => nodeName(node)).join(", ")}`;
  if (options?.sentinels) return `sentinel group ${options.name ?? ""}`;
  return options?.path ?? `redis://${options?.host ?? "127.0.0.1"}:${options?.port ?? 6379}`;
}

function nodeName(node: string | number | { host?: string | undefined; port?: number | undefined }): string {
  return typeof node === "object" ? `${node.host ?? "127.0.0.1"}:${node.port ?? 6379}` : redactUrl(String(node));
}
