import type { LuaScript } from "./generated/lua.js";

/** Bits per key of the settled tokens of one worker session. */
export const settledBits = 65_536;

/** How long a repeated settlement of a job that is gone is still answered `settled`, ms. */
export const rememberSettled = 600_000;

/** Distance between the ranks of two priorities: more than any order, in microseconds since 2025, until 2050. */
export const rankStep = 8e14;

/** Every key of one deployment. No other file builds a key. */
export class Keyspace {
  readonly #prefix: string;
  readonly #queues = new Map<string, QueueKeys>();
  /** Channel of wake-ups: a message is the name of a queue. */
  readonly wake: string;
  /** Channel of ended jobs: a message is their ids. */
  readonly finished: string;
  /** Channel that tells of new requests to cancel running jobs. */
  readonly cancelled: string;
  /** HASH of queue records by name. */
  readonly records: string;
  /** SET of the queues that jobs were added to. */
  readonly names: string;
  /** SET of the queues that may be paused; each queue's own key decides. */
  readonly pausedNames: string;
  /** Workers' records, and the times at which they are forgotten: one tag, for the scripts that use both. */
  readonly workers: readonly [records: string, lapses: string];
  /** ZSET of requests to cancel running jobs, by the time at which they are forgotten. */
  readonly cancels: string;
  /** ZSET of limits under which jobs wait for a place, by the concurrency that was asked for last. */
  readonly lines: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.wake = `${prefix}:wake`;
    this.finished = `${prefix}:finished`;
    this.records = `${prefix}:queues`;
    this.names = `${prefix}:names`;
    this.pausedNames = `${prefix}:paused`;
    this.cancelled = `${prefix}:cancelled`;
    this.cancels = `${prefix}:cancels`;
    this.lines = `${prefix}:lines`;
    this.workers = [`${prefix}:{workers}:records`, `${prefix}:{workers}:lapses`];
  }

  /** The keys of a limit, all with one hash tag. Not kept: a limit may have a key for every host there is. */
  limit(name: string): QueueKeys {
    return new QueueKeys(`${this.#prefix}:limit`, name);
  }

  queue(name: string): QueueKeys {
    const known = this.#queues.get(name) ?? new QueueKeys(this.#prefix, name);
    this.#queues.set(name, known);
    return known;
  }
}

/** The keys of one queue. All carry the queue's name as hash tag, so that one script may use them in a cluster. */
export class QueueKeys {
  readonly #root: string;
  readonly #lists = new Map<string, readonly string[]>();
  readonly #lastOfSession = new Map<string, { session: string; keys: readonly string[] }>();

  constructor(prefix: string, queue: string) {
    this.#root = `${prefix}:{${queue.replace(/[{}%]/g, encodeURIComponent)}}:`;
  }

  /** The key that the scripts' headers call so. */
  key(name: string): string {
    return this.#root + name;
  }

  /** The keys of a script, in the order of its header. */
  of(script: LuaScript): readonly string[] {
    const known = this.#lists.get(script.name) ?? keyNames(script).map((name) => this.key(name));
    this.#lists.set(script.name, known);
    return known;
  }

  /** The keys of a script that also uses a key of one worker session. */
  ofSession(script: LuaScript, name: "session" | "settled", session: string): readonly string[] {
    const last = this.#lastOfSession.get(script.name);
    if (last?.session === session) return last.keys;
    const own = this.key(name);
    const keys = this.of(script).map((key) => (key === own ? `${own}:${session}` : key));
    this.#lastOfSession.set(script.name, { session, keys });
    return keys;
  }
}

/** What a script's header calls its keys. */
function keyNames(script: LuaScript): string[] {
  return [...script.lua.matchAll(/^-- KEYS\[\d+\] (\w+):/gm)].map((found) => found[1] ?? "");
}
