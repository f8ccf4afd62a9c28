import type { Broker, JobStore, QueueCounts, QueueMode, QueueRecord, WorkerRecord } from "@tandemq/core";
import type { Config } from "../config/config.js";
import { isPattern, ruleOf } from "../config/queue-rules.js";
import { composeModes } from "../modes/brokers.js";
import { openStores, type Stores } from "../modes/stores.js";

export type StoreName = "mongo" | "redis";

/** A queue with what is known of it. */
export interface QueueFacts {
  readonly name: string;
  readonly mode: QueueMode;
  readonly broker: Broker;
  readonly counts: QueueCounts;
}

/** What checks look at. The stores are connected, but nothing of them is prepared: what is missing is seen. */
export class DoctorContext {
  readonly config: Config;
  readonly stores: Stores;
  readonly modes: ReadonlyMap<QueueMode, Broker>;
  #queues: Promise<readonly QueueFacts[]> | undefined;
  #workers: Promise<readonly WorkerRecord[]> | undefined;

  constructor(config: Config, stores: Stores) {
    this.config = config;
    this.stores = stores;
    const { documents } = stores;
    const unprepared = { ...stores, documents: documents && withoutStart(documents) };
    this.modes = composeModes(unprepared, config, () => undefined);
  }

  get mongo(): NonNullable<Stores["mongo"]> {
    return present(this.stores.mongo, "MongoDB");
  }

  get redis(): NonNullable<Stores["redis"]> {
    return present(this.stores.redis, "Redis");
  }

  /** Queues that are recorded or configured by name, as far as their mode is configured. */
  queues(): Promise<readonly QueueFacts[]> {
    this.#queues ??= this.#readQueues();
    return this.#queues;
  }

  async queuesOf(...modes: QueueMode[]): Promise<string[]> {
    return (await this.queues()).filter(({ mode }) => modes.includes(mode)).map(({ name }) => name);
  }

  workers(): Promise<readonly WorkerRecord[]> {
    this.#workers ??= this.stores.registry.workers();
    return this.#workers;
  }

  records(): Promise<QueueRecord[]> {
    return this.stores.registry.queues();
  }

  async close(): Promise<void> {
    await Promise.all([...this.modes.values()].map((broker) => broker.close()));
    await Promise.all([this.stores.mongo?.close(), this.stores.redis?.close()]);
  }

  async #readQueues(): Promise<QueueFacts[]> {
    const configured = Object.keys(this.config.queues).filter((name) => !isPattern(name));
    const names = new Set([...configured, ...(await this.records()).map(({ name }) => name)]);
    const found = await Promise.all([...names].sort().map((name) => this.#facts(name)));
    return found.filter((facts) => facts !== undefined);
  }

  async #facts(name: string): Promise<QueueFacts | undefined> {
    const mode = ruleOf(this.config.queues, name)?.mode;
    const broker = mode && this.modes.get(mode);
    const counts = (await broker?.counts([name]))?.get(name);
    return mode && broker && counts ? { name, mode, broker, counts } : undefined;
  }
}

export async function openContext(config: Config): Promise<DoctorContext> {
  return new DoctorContext(config, await openStores(config, () => undefined));
}

/** Jobs of a queue that wait to be run. */
export function waitingOf({ counts }: QueueFacts): number {
  return counts.queued + counts.retry + counts.interrupt;
}

/** The documents as they are: the store that keeps failures would be prepared at its first use. */
function withoutStart(documents: JobStore): JobStore {
  return new Proxy(documents, {
    get: (store, name) => {
      const value: unknown = Reflect.get(store, name, store);
      if (name === "start") return async () => {};
      return typeof value === "function" ? (value.bind(store) as unknown) : value;
    },
  });
}

function present<T>(store: T | undefined, name: string): T {
  if (store === undefined) throw new Error(`${name} is not configured`);
  return store;
}
