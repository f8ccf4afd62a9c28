import { isPaused } from "@tandemq/core";
import type { Connections } from "./connection/connections.js";
import type { Keyspace } from "./keys.js";

/** A paused tree must be obeyed within a second, the claim included. */
const freshFor = 500;

/** Which trees of queues (`crawl/`) are paused: their queues' own keys say nothing of it. */
export class PausedTrees {
  readonly #connections: Connections;
  readonly #keys: Keyspace;
  #known: ReadonlySet<string> = new Set();
  #readAt = Number.NEGATIVE_INFINITY;
  #changes = 0;

  constructor(connections: Connections, keys: Keyspace) {
    this.#connections = connections;
    this.#keys = keys;
  }

  async set(tree: string, paused: boolean): Promise<void> {
    const { pausedNames } = this.#keys;
    await this.#connections.command("producer", (client) =>
      paused ? client.sadd(pausedNames, tree) : client.srem(pausedNames, tree),
    );
    this.#changes += 1;
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** Those of the queues that are in no paused tree. Queues outside of trees cost nothing. */
  async open(queues: readonly string[]): Promise<readonly string[]> {
    if (!queues.some((queue) => queue.includes("/"))) return queues;
    if (performance.now() - this.#readAt > freshFor) await this.#read();
    return this.#known.size === 0 ? queues : queues.filter((queue) => !isPaused(this.#known, queue));
  }

  /** Work is told of these queues: perhaps they were resumed. */
  doubt(queues: readonly string[]): void {
    if (this.#known.size === 0 || !queues.some((queue) => isPaused(this.#known, queue))) return;
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  async #read(): Promise<void> {
    const askedAt = performance.now();
    const changes = this.#changes;
    const names = await this.#connections.command("worker", (client) => client.smembers(this.#keys.pausedNames));
    this.#known = new Set(names.filter((name) => name.endsWith("/")));
    // A change of our own since: the answer may be older than it.
    if (changes === this.#changes) this.#readAt = askedAt;
  }
}
