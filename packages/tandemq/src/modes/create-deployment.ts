import {
  type Broker,
  type Chore,
  ClosedError,
  type Completion,
  type Deployment,
  type QueueLook,
  type JobLogs,
  type Limiter,
  limitRules,
  type QueueMode,
  type QueueRecord,
  type QueueRoute,
  redactUrl,
  type Registry,
  type Source,
  type WakeupListener,
  withCodec,
} from "@tandemq/core";
import type { Config } from "../config/config.js";
import { isPattern, keepsResults, ruleOf } from "../config/queue-rules.js";
import { choresOf } from "../upkeep/chores.js";
import { brokerOf, composeMode, composeModes } from "./brokers.js";
import { lookAt } from "./look-at.js";
import { Relay } from "./outbox/relay.js";
import { type RelayedOutbox, relayedOutbox } from "./outbox/relayed-outbox.js";
import { mismatchedQueue, unknownQueue } from "./queue-refusals.js";
import { openStores, type Stores } from "./stores.js";
import { ServedQueues } from "./served-queues.js";
import { settingsOfQueues } from "./queue-settings.js";

export interface DeploymentOptions {
  /** Told what the layout of a store takes away, and what cannot be checked. Default: nobody is told. */
  readonly warn?: (message: string) => void;
}

/** Puts stores and modes together as the configuration says. Nothing is connected before `start`. */
export function createDeployment(config: Config, options: DeploymentOptions = {}): Deployment {
  return new ComposedDeployment(config, options.warn ?? (() => undefined));
}

class ComposedDeployment implements Deployment {
  readonly #config: Config;
  readonly #warn: (message: string) => void;
  readonly #served: ServedQueues[] = [];
  #stores: Stores | undefined;
  #modes: ReadonlyMap<QueueMode, Broker> = new Map();
  readonly #unused = new Map<QueueMode, Promise<Broker | undefined>>();
  #starting: Promise<void> | undefined;
  #relay: Relay | undefined;
  #closed = false;
  #listeners = new Set<() => void>();

  constructor(config: Config, warn: (message: string) => void) {
    this.#config = config;
    this.#warn = warn;
  }

  get registry(): Registry {
    return this.#open().registry;
  }

  get completion(): Completion | undefined {
    const { mongo, prefix, codec } = this.#config;
    if (!mongo || codec) return undefined;
    const options = { url: redactUrl(mongo.url), ...(prefix === undefined ? {} : { prefix: `${prefix}_` }) };
    return { module: new URL("../completion.js", import.meta.url).href, options };
  }

  get logs(): JobLogs | undefined {
    return this.#open().logs;
  }

  get limiter(): Limiter {
    const { limiter } = this.#open();
    return limiter;
  }

  start(): Promise<void> {
    if (this.#closed) return Promise.reject(new ClosedError("the deployment"));
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const served of this.#served) served.close();
    for (const stop of this.#listeners) stop();
    await this.#relay?.close();
    const unused = (await Promise.allSettled(this.#unused.values())).flatMap((made) =>
      made.status === "fulfilled" && made.value ? [made.value] : [],
    );
    await Promise.all([...this.#modes.values(), ...unused].map((broker) => broker.close()));
    await Promise.all([this.#stores?.mongo?.close(), this.#stores?.redis?.close()]);
  }

  async route(queue: string): Promise<QueueRoute> {
    const rule = ruleOf(this.#config.queues, queue);
    if (!rule) throw unknownQueue(queue, Object.keys(this.#config.queues));
    const { mode, kind, order } = rule;
    const { registry } = this.#open();
    const broker = brokerOf(this.#modes, mode);
    const recorded = await registry.recordQueue({ name: queue, mode, kind });
    if (recorded.mode !== mode || recorded.kind !== kind) throw mismatchedQueue(recorded, { name: queue, mode, kind });
    return { queue, mode, kind, order, broker, keepsResults: keepsResults(rule) };
  }

  async look(queues?: readonly string[]): Promise<QueueLook[]> {
    const recorded = await this.#open().registry.queues();
    const all = [...this.#configured(), ...recorded.map(({ name }) => name)];
    return lookAt(queues ?? [...new Set(all)].sort(), recorded, this.#config.queues, (mode) => this.broker(mode));
  }

  broker(mode: QueueMode): Promise<Broker | undefined> {
    const used = this.#modes.get(mode);
    if (used) return Promise.resolve(used);
    const asked = this.#unused.get(mode) ?? this.#compose(mode);
    this.#unused.set(mode, asked);
    return asked;
  }

  isAsRecorded({ name, mode, kind }: QueueRecord): boolean {
    const rule = ruleOf(this.#config.queues, name);
    return rule?.mode === mode && rule.kind === kind && this.#modes.has(mode);
  }

  async queueNames(): Promise<string[]> {
    return this.namesOf(await this.#open().registry.queues());
  }

  namesOf(records: readonly QueueRecord[]): string[] {
    const known = records.map(({ name }) => name).filter((name) => ruleOf(this.#config.queues, name) !== undefined);
    return [...new Set([...this.#configured(), ...known])].sort();
  }

  brokers(): readonly Broker[] {
    this.#open();
    return [...this.#modes.values()];
  }

  async sources(queues: readonly string[]): Promise<Source[]> {
    const served = new ServedQueues(queues, this, this.#open().wakeups, this.#warn);
    this.#served.push(served);
    await served.start();
    this.#relay?.start();
    return [...this.#modes].map(([name, broker]) => ({
      ...{ name, broker, queues: () => served.of(name), completes: name === "regular" },
      mismatched: () => served.mismatched,
      onQueues: (listener) => served.onAdded(name, listener),
      ...this.#limits(),
      ...settingsOfQueues(this.#config.queues),
    }));
  }

  chores(): readonly Chore[] {
    const queues = async (...modes: QueueMode[]) => {
      const names = await this.queueNames();
      return names.filter((name) => modes.includes(ruleOf(this.#config.queues, name)?.mode ?? "regular"));
    };
    return choresOf({ stores: this.#open(), modes: this.#modes, config: this.#config, queues });
  }

  onFinished(listener: (ids: readonly string[]) => void): () => void {
    return this.#listen({ onFinished: listener });
  }

  onCancel(listener: () => void): () => void {
    return this.#listen({ onCancel: listener, onLagged: listener });
  }

  #listen(listener: WakeupListener): () => void {
    const stops = this.#open().wakeups.map((wakeups) => wakeups.listen(listener));
    const stop = () => {
      this.#listeners.delete(stop);
      for (const one of stops) one();
    };
    this.#listeners.add(stop);
    return stop;
  }

  #configured(): string[] {
    return Object.keys(this.#config.queues).filter((name) => !isPattern(name));
  }

  async #compose(mode: QueueMode): Promise<Broker | undefined> {
    const broker = composeMode(mode, this.#open(), this.#config, this.#warn);
    await broker?.start();
    return broker && this.#coded(broker);
  }

  /** Nothing where no queue is limited, so that nobody asks. */
  #limits(): Pick<Source, "limits"> {
    const { queues } = this.#config;
    const some = Object.values(queues).some(({ limit }) => limitRules(limit, "limit").length > 0);
    return some ? { limits: (queue) => limitRules(ruleOf(queues, queue)?.limit, `queues["${queue}"].limit`) } : {};
  }

  async #start(): Promise<void> {
    this.#stores ??= await openStores(this.#config, this.#warn);
    if (this.#closed) {
      await this.close();
      throw new ClosedError("the deployment");
    }
    if (this.#modes.size === 0) {
      const modes = composeModes(this.#stores, this.#config, this.#warn, this.#openOutbox());
      this.#modes = new Map([...modes].map(([mode, broker]) => [mode, this.#coded(broker)]));
    }
    await Promise.all([...this.#modes.values()].map((broker) => broker.start()));
  }

  /** Where jobs of Redis queues wait that are part of a transaction: only where there are both stores. */
  #openOutbox(): RelayedOutbox | undefined {
    const { mongo, redis } = this.#open();
    if (!mongo || !redis) return undefined;
    const outbox = mongo.outbox();
    const relay = new Relay(outbox, async (queue) => (await this.route(queue)).broker, this.#warn);
    this.#relay = relay;
    return relayedOutbox(outbox, () => relay.kick());
  }

  /** Whoever uses the modes sees params and results as they are; whatever lies below sees them encoded. */
  #coded(broker: Broker): Broker {
    const { codec } = this.#config;
    return codec ? withCodec(broker, codec) : broker;
  }

  #open(): Stores {
    if (this.#closed) throw new ClosedError("the deployment");
    if (!this.#stores) throw new ClosedError("the deployment was not started and");
    return this.#stores;
  }
}
