import { KnownPauses } from "@tandemq/core";
import type { Connections } from "./connection/connections.js";
import type { Keyspace } from "./keys.js";

/** Which trees of queues (`crawl/`) are paused: their queues' own keys say nothing of it. */
export class PausedTrees extends KnownPauses {
  readonly #connections: Connections;
  readonly #keys: Keyspace;

  constructor(connections: Connections, keys: Keyspace) {
    super();
    this.#connections = connections;
    this.#keys = keys;
  }

  async set(tree: string, paused: boolean): Promise<void> {
    const { pausedNames } = this.#keys;
    await this.#connections.command("producer", (client) =>
      paused ? client.sadd(pausedNames, tree) : client.srem(pausedNames, tree),
    );
    this.changed();
  }

  /** Those of the queues that are in no paused tree. Queues outside of trees cost nothing. */
  override async open(queues: readonly string[]): Promise<readonly string[]> {
    return queues.some((queue) => queue.includes("/")) ? super.open(queues) : queues;
  }

  protected async read(): Promise<string[]> {
    const names = await this.#connections.command("worker", (client) => client.smembers(this.#keys.pausedNames));
    return names.filter((name) => name.endsWith("/"));
  }
}
