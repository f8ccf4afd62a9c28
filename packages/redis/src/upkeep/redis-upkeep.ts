import { pieces } from "../broker-context.js";
import type { Connections } from "../connection/connections.js";
import { fail, sweepKeys } from "../generated/lua.js";
import type { Keyspace } from "../keys.js";

/** Unique keys that one call looks at. */
const page = 500;

/** Queues that are tidied at a time. */
const atOnce = 10;

/** Queues that one round tidies: a worker of very many queues that is idle sends next to nothing. */
const perRound = 20;

/** What keeps a Redis tidy. Every step is harmless when it is done twice, by many at once. */
export class RedisUpkeep {
  readonly #connections: Connections;
  readonly #keys: Keyspace;
  readonly #cursors = new Map<string, string>();
  /** Where the next round of a chore begins. */
  readonly #rounds = new Map<string, number>();

  constructor(connections: Connections, keys: Keyspace) {
    this.#connections = connections;
    this.#keys = keys;
  }

  /** Looks at the next 500 unique keys of the next twenty queues, and frees those whose job is gone. @returns how many */
  async freeDeadKeys(queues: readonly string[]): Promise<number> {
    return this.#each(this.#nextOf("keys", queues), async (queue) => {
      const [cursor, dead] = await this.#sweep(queue, this.#cursors.get(queue) ?? "0", true);
      if (cursor === "0") this.#cursors.delete(queue);
      else this.#cursors.set(queue, cursor);
      return dead;
    });
  }

  /** How many unique keys of the queues have no job. */
  async deadKeys(queues: readonly string[]): Promise<number> {
    return this.#each(queues, (queue) => this.#through(queue, false));
  }

  /** Frees every unique key of the queues whose job is gone. @returns how many */
  async freeAllDeadKeys(queues: readonly string[]): Promise<number> {
    return this.#each(queues, (queue) => this.#through(queue, true));
  }

  /** Drops kept failures of the next twenty queues: those whose time is over, and those beyond `limit`, 1,000 of each at most. */
  async dropOldFailures(queues: readonly string[], limit: number): Promise<number> {
    return this.#each(this.#nextOf("failures", queues), async (queue) => {
      const keys = this.#keys.queue(queue).ofSession(fail, "settled", "-");
      const kept = () => this.#connections.command("producer", (client) => client.zcard(failed));
      const failed = this.#keys.queue(queue).key("failed");
      const before = await kept();
      if (before === 0) return 0;
      await this.#connections.run("producer", fail, keys, ["-", 1, 0, Math.max(1, limit)]);
      return Math.max(0, before - (await kept()));
    });
  }

  /** A worker's first round begins anywhere: workers that are restarted often reach all queues, too. */
  #nextOf(chore: string, queues: readonly string[]): readonly string[] {
    if (queues.length <= perRound) return queues;
    const from = (this.#rounds.get(chore) ?? Math.floor(Math.random() * queues.length)) % queues.length;
    this.#rounds.set(chore, from + perRound);
    return [...queues.slice(from), ...queues.slice(0, from)].slice(0, perRound);
  }

  async #through(queue: string, free: boolean): Promise<number> {
    let [cursor, dead] = await this.#sweep(queue, "0", free);
    while (cursor !== "0") {
      const [next, more] = await this.#sweep(queue, cursor, free);
      [cursor, dead] = [next, dead + more];
    }
    return dead;
  }

  async #sweep(queue: string, cursor: string, free: boolean): Promise<[cursor: string, dead: number]> {
    const keys = this.#keys.queue(queue).of(sweepKeys);
    const reply = await this.#connections.run("producer", sweepKeys, keys, [cursor, page, free ? "1" : ""]);
    return reply as [string, number];
  }

  async #each(queues: readonly string[], tidy: (queue: string) => Promise<number>): Promise<number> {
    let sum = 0;
    for (const some of pieces(queues, atOnce)) {
      for (const count of await Promise.all(some.map(tidy))) sum += count;
    }
    return sum;
  }
}
