import { KnownPauses } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";

/** Which queues are paused. */
export class PausedQueues extends KnownPauses {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    super();
    this.#connection = connection;
  }

  async set(queue: string, paused: boolean): Promise<void> {
    const { queues } = this.#connection;
    if (paused) await queues.updateOne({ _id: queue }, { $set: { paused } }, { upsert: true });
    else await queues.updateOne({ _id: queue }, { $unset: { paused: "" } });
    this.changed();
  }

  async all(): Promise<string[]> {
    const found = await this.#connection.queues.find({ paused: true }, { projection: { _id: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }

  protected read(): Promise<string[]> {
    return this.all();
  }
}
