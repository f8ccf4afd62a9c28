import { ClosedError, redactUrl } from "@tandemq/core";
import { Cluster } from "ioredis";
import type { LuaScript } from "../generated/lua.js";
import { defaultDeadline, type RedisConnectOptions } from "../options.js";
import { toBrokerError } from "./broker-errors.js";
import { type Client, Connection, type ConnectionKind } from "./connection.js";
import { Deadlines } from "./deadlines.js";
import { ScriptCommand } from "./script-command.js";

export type Argument = string | number;

/** The connections of one deployment: made when first used, repaired by themselves, closed together. */
export class Connections {
  /** The address as it may be shown. */
  readonly where: string;
  /** Milliseconds after which a command counts as unanswered. */
  readonly deadline: number;
  readonly #options: RedisConnectOptions;
  readonly #connections = new Map<ConnectionKind, Connection>();
  readonly #deadlines: Deadlines;
  #closed = false;

  constructor(options: RedisConnectOptions) {
    this.#options = options;
    this.deadline = options.deadline ?? defaultDeadline;
    this.#deadlines = new Deadlines(this.deadline);
    this.where = describe(options);
  }

  client(kind: ConnectionKind): Client {
    return this.#connection(kind).client;
  }

  /**
   * Runs a script by its digest. The first call of a connection sends the text, and so does one to a server that has
   * forgotten it since.
   *
   * @throws BrokerUnavailableError after the deadline, StoreRefusedError, ClosedError
   */
  async run(
    kind: ConnectionKind,
    script: LuaScript,
    keys: readonly string[],
    args: readonly Argument[],
  ): Promise<unknown> {
    const connection = this.#connection(kind);
    try {
      return await this.#ask(connection, (client) =>
        callScript(client, connection.isFirst(script), script, keys, args),
      );
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw this.#told(error, connection);
      return this.command(kind, (client) => client.eval(script.lua, keys.length, ...keys, ...args));
    }
  }

  /** Runs a command, with the errors of {@link run}. Nothing is sent when there is no connection before the deadline. */
  async command<T>(kind: ConnectionKind, send: (client: Client) => Promise<T>): Promise<T> {
    const connection = this.#connection(kind);
    try {
      return await this.#ask(connection, send);
    } catch (error) {
      throw this.#told(error, connection);
    }
  }

  close(): void {
    this.#closed = true;
    for (const { client } of this.#connections.values()) client.disconnect();
    this.#connections.clear();
    this.#deadlines.close();
  }

  #connection(kind: ConnectionKind): Connection {
    if (this.#closed) throw this.#closedError();
    const known = this.#connections.get(kind);
    if (known) return known;
    const made = new Connection(this.#options, this.deadline);
    this.#connections.set(kind, made);
    return made;
  }

  #ask<T>(connection: Connection, send: (client: Client) => Promise<T>): Promise<T> {
    return this.#deadlines.within((isLate) => connection.ask(send, isLate));
  }

  #told(error: unknown, { lastError }: Connection): Error {
    return this.#closed ? this.#closedError() : toBrokerError(error, this.where, this.deadline, lastError);
  }

  #closedError(): ClosedError {
    return new ClosedError(`the connection to Redis at ${this.where}`);
  }
}

/**
 * A cluster looks for the slot among the arguments, and a prefix of the client's own is written before each key.
 *
 * Calls that follow one another keep their order because the first has the text: a server without it would refuse several
 * of them, and those sent again would come behind later ones. A cluster has several servers, each of which may refuse.
 */
function callScript(
  client: Client,
  isFirst: boolean,
  script: LuaScript,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<unknown> {
  if (client instanceof Cluster || client.options.keyPrefix)
    return client.evalsha(script.sha1, keys.length, ...keys, ...args);
  if (isFirst) return client.eval(script.lua, keys.length, ...keys, ...args);
  const command = new ScriptCommand(script, keys, args);
  client.sendCommand(command);
  return command.promise;
}

function describe({ url, options, cluster }: RedisConnectOptions): string {
  if (url !== undefined) return redactUrl(url);
  if (cluster) return `cluster ${cluster.nodes.map((node) => nodeName(node)).join(", ")}`;
  if (options?.sentinels) return `sentinel group ${options.name ?? ""}`;
  return options?.path ?? `redis://${options?.host ?? "127.0.0.1"}:${options?.port ?? 6379}`;
}

function nodeName(node: string | number | { host?: string | undefined; port?: number | undefined }): string {
  return typeof node === "object" ? `${node.host ?? "127.0.0.1"}:${node.port ?? 6379}` : redactUrl(String(node));
}
