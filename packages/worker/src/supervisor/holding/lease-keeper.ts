import type { ExtendAnswer, Hold, Source } from "@tandemq/core";
import type { Logger } from "pino";
import type { Delivery } from "../../delivery.js";
import { withDeadline } from "../waiting/deadline.js";
import { Outage } from "../waiting/outage.js";

const maxBatch = 1000;

export interface LeaseKeeperOptions {
  readonly lease: number;
  /** Milliseconds between two rounds. */
  readonly extendEvery: number;
  readonly held: () => readonly Delivery[];
  readonly sources: readonly Source[];
  readonly logger: Logger;
  readonly onError: (error: unknown) => void;
  /** The delivery is somebody else's. */
  readonly onLost: (delivery: Delivery) => void;
}

/** Keeps the leases of all that this worker holds, by one timer, whatever the children do. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #outages: Map<Source, Outage>;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#outages = new Map(
      options.sources.map((source) => [
        source,
        new Outage(`extending leases (${source.name})`, options.logger, options.onError),
      ]),
    );
  }

  start(): void {
    this.#schedule(this.#options.extendEvery);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Extends every lease once. */
  async extendAll(): Promise<void> {
    const rounds = this.#options.sources.map((source) => this.#extendSource(source));
    await Promise.all(rounds);
  }

  #schedule(wait: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.extendAll().then(() => this.#schedule(this.#nextWait())), wait);
  }

  /** After a failure leases are nearer to their end: look again sooner. */
  #nextWait(): number {
    const { extendEvery } = this.#options;
    return [...this.#outages.values()].some((outage) => outage.on) ? Math.min(1000, extendEvery) : extendEvery;
  }

  async #extendSource(source: Source): Promise<void> {
    const held = this.#options.held().filter((delivery) => delivery.source === source);
    const outage = this.#outages.get(source);
    try {
      for (let i = 0; i < held.length; i += maxBatch) await this.#extend(source, held.slice(i, i + maxBatch));
      outage?.worked();
    } catch (error) {
      outage?.failed(error);
    }
  }

  async #extend(source: Source, deliveries: readonly Delivery[]): Promise<void> {
    const { lease, extendEvery } = this.#options;
    const asked = source.broker.extend(deliveries.map(hold), lease);
    const answers = await withDeadline(asked, Math.max(1000, extendEvery), "extend");
    for (const [i, answer] of answers.entries()) this.#read(deliveries[i] as Delivery, answer);
  }

  /** A delivery that settles meanwhile is told `lost` by right: only runs that go on are aborted. */
  #read(delivery: Delivery, answer: ExtendAnswer): void {
    if (answer === "lost" && delivery.state === "running") this.#options.onLost(delivery);
  }
}

function hold({ claim: { id, queue, token } }: Delivery): Hold {
  return { id, queue, token };
}
