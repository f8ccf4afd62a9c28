import type { Broker, Json, ProgressUpdate } from "@tandemq/core";
import type { Logger } from "pino";
import type { Delivery } from "../../delivery.js";
import { BackgroundWriter } from "./background-writer.js";
import { withDeadline } from "../waiting/deadline.js";
import { Outage } from "../waiting/outage.js";

/** Milliseconds between a progress and its writing; of several in this time the last is written. */
const every = 300;
const patience = 5_000;

/** Writes how far runs are, where the mode keeps it. Nothing waits for it; each delivery's last word is written. */
export class ProgressKeeper {
  readonly #writer: BackgroundWriter;
  #waiting = new Map<Delivery, Json>();

  constructor(logger: Logger, onError: (error: unknown) => void) {
    this.#writer = new BackgroundWriter({
      every,
      outage: new Outage("keeping the progress of jobs", logger, onError),
      waiting: () => this.#waiting.size > 0,
      write: () => this.#write(),
    });
  }

  note(delivery: Delivery, value: Json): void {
    delivery.progress = value;
    if (!delivery.source.broker.recordProgress) return;
    this.#waiting.set(delivery, value);
    this.#writer.poke();
  }

  stop(): Promise<void> {
    return this.#writer.stop();
  }

  async #write(): Promise<void> {
    const written = this.#waiting;
    this.#waiting = new Map();
    try {
      const brokers = new Set([...written.keys()].map(({ source }) => source.broker));
      await Promise.all([...brokers].map((broker) => record(broker, written)));
    } catch (error) {
      // What a running job says next is newer; only the last word of one that is over would be missed.
      for (const [delivery, value] of written) {
        if (delivery.state === "running" && !this.#waiting.has(delivery)) this.#waiting.set(delivery, value);
      }
      throw error;
    }
  }
}

function record(broker: Broker, written: ReadonlyMap<Delivery, Json>): Promise<void> | undefined {
  const updates: ProgressUpdate[] = [];
  for (const [{ source, claim }, progress] of written) {
    const { id, queue, token } = claim;
    if (source.broker === broker) updates.push({ id, queue, token, progress });
  }
  const recorded = broker.recordProgress?.(updates);
  return recorded && withDeadline(recorded, patience, "recordProgress");
}
