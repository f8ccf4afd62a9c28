import type { Connections } from "../connection/connections.js";
import { allScripts } from "../generated/lua.js";
import { readInfo, readSetting } from "./read-info.js";

/** What a Redis server tells of itself; what it does not tell is `undefined`. */
export interface RedisFacts {
  readonly version: string | undefined;
  readonly role: string | undefined;
  readonly evictionPolicy: string | undefined;
  readonly usedMemory: number | undefined;
  /** Bytes; 0: no limit. */
  readonly maxMemory: number | undefined;
  readonly appendOnly: boolean | undefined;
  readonly appendFsync: string | undefined;
  /** Rules of snapshots; empty: none are made. */
  readonly save: string | undefined;
  readonly lastSaveFailed: boolean;
}

/** Looks at one Redis for an operator; changes nothing. */
export class RedisInspector {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** The address as it may be shown. */
  get where(): string {
    return this.#connections.where;
  }

  /** @returns milliseconds that an answer took */
  async ping(): Promise<number> {
    const began = performance.now();
    await this.#connections.command("producer", (client) => client.ping());
    return performance.now() - began;
  }

  /** The server's time, milliseconds since the epoch. */
  async time(): Promise<number> {
    const [seconds, micros] = await this.#connections.command("producer", (client) => client.time());
    return Number(seconds) * 1000 + Number(micros) / 1000;
  }

  facts(): Promise<RedisFacts> {
    return this.#connections.command("producer", async (client) => {
      const info = await readInfo(client);
      const setting = (name: string) => readSetting(client, name);
      const appendOnly = info.get("aof_enabled");
      return {
        version: info.get("redis_version"),
        role: info.get("role"),
        evictionPolicy: info.get("maxmemory_policy") ?? (await setting("maxmemory-policy")),
        usedMemory: numberOf(info.get("used_memory")),
        maxMemory: numberOf(info.get("maxmemory")),
        appendOnly: appendOnly === undefined ? undefined : appendOnly === "1",
        appendFsync: await setting("appendfsync"),
        save: await setting("save"),
        lastSaveFailed: info.get("rdb_last_bgsave_status") === "err" || info.get("aof_last_write_status") === "err",
      };
    });
  }

  /** How many of our scripts, of this very version, the server has loaded. */
  async scripts(): Promise<{ readonly loaded: number; readonly all: number }> {
    const digests = allScripts.map(({ sha1 }) => sha1);
    const found = await this.#connections.command("producer", (client) => client.script("EXISTS", ...digests));
    return { loaded: (found as number[]).filter((one) => one === 1).length, all: digests.length };
  }

  /** Loads every script. A script that the server cannot compile is an error. */
  async loadScripts(): Promise<void> {
    for (const { lua } of allScripts) {
      await this.#connections.command("producer", (client) => client.script("LOAD", lua));
    }
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
