import { isPaused } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";

/** A paused queue must be obeyed within a second, the claim included. */
const freshFor = 500;

/** Which queues are paused; what others changed is known half a second later at most, own changes at once. */
export class PausedQueues {
  readonly #connection: Connection;
  #known: ReadonlySet<string> = new Set();
  #readAt = Number.NEGATIVE_INFINITY;
  #changes = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async set(queue: string, paused: boolean): Promise<void> {
    const { queues } = this.#connection;
    if (paused) await queues.updateOne({ _id: queue }, { $set: { paused } }, { upsert: true });
    else await queues.updateOne({ _id: queue }, { $unset: { paused: "" } });
    this.#changes += 1;
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  async all(): Promise<string[]> {
    const found = await this.#connection.queues.find({ paused: true }, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }

  /** Those of the queues that are not paused. */
  async open(queues: readonly string[]): Promise<readonly string[]> {
    if (performance.now() - this.#readAt > freshFor) await this.#read();
    return this.#known.size === 0 ? queues : queues.filter((queue) => !isPaused(this.#known, queue));
  }

  /** As {@link open}, by what was read last where that was that none is paused: whoever claims asks again. */
  async openAsKnown(queues: readonly string[]): Promise<readonly string[]> {
    return this.#known.size === 0 ? queues : this.open(queues);
  }

  /** Work is told of these queues: perhaps they were resumed. */
  doubt(queues: readonly string[]): void {
    if (this.#known.size === 0 || !queues.some((queue) => isPaused(this.#known, queue))) return;
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  async #read(): Promise<void> {
    const askedAt = performance.now();
    const changes = this.#changes;
    this.#known = new Set(await this.all());
    // A change of our own since: the answer may be older than it.
    if (changes === this.#changes) this.#readAt = askedAt;
  }
}
