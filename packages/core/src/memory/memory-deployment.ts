import { QueueMismatchError } from "../errors/errors.js";
import type { Chore } from "../ports/chore.js";
import type { Broker } from "../ports/broker.js";
import type { Deployment, QueueLook, QueueRoute, Source } from "../ports/deployment.js";
import { type QueueKind, type QueueMode, type QueueRecord, queueModes } from "../ports/registry.js";
import type { JobLogs } from "../ports/job-logs.js";
import { MemoryBroker } from "./memory-broker.js";
import { MemoryJobLogs } from "./memory-job-logs.js";
import { MemoryLimiter } from "./memory-limiter.js";
import { MemoryRegistry } from "./memory-registry.js";

export interface MemoryDeploymentOptions {
  /** The mode of each queue, by its name or by a pattern such as `crawl/*`; the longest wins. All others are regular. */
  readonly queues?: Readonly<Record<string, QueueMode>>;
  /** The clock, milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * A whole deployment in this process, for tests of services and tasks: each mode behaves as seen from outside, and
 * nothing outlives the process.
 */
export function createMemoryDeployment(options: MemoryDeploymentOptions = {}): Deployment {
  return new MemoryDeployment(options);
}

class MemoryDeployment implements Deployment {
  readonly registry: MemoryRegistry;
  readonly logs: JobLogs = new MemoryJobLogs();
  readonly limiter: MemoryLimiter;
  readonly #modes: readonly (readonly [string, QueueMode])[];
  readonly #brokers: Readonly<Record<QueueMode, MemoryBroker>>;
  readonly #known = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor({ queues = {}, now = Date.now }: MemoryDeploymentOptions) {
    this.registry = new MemoryRegistry(now);
    this.limiter = new MemoryLimiter(now);
    this.#modes = Object.entries(queues);
    for (const [name] of this.#modes) if (!isPattern(name)) this.#known.add(name);
    this.#brokers = {
      regular: new MemoryBroker({ now }),
      raw: new MemoryBroker({ now }),
      "no-storage": new MemoryBroker({ now, keeps: "failures" }),
    };
  }

  async start(): Promise<void> {}

  async close(): Promise<void> {
    await Promise.all(queueModes.map((mode) => this.#brokers[mode].close()));
  }

  async route(queue: string): Promise<QueueRoute> {
    const mode = this.#modeOf(queue);
    const kind: QueueKind = "fifo";
    const record = await this.registry.recordQueue({ name: queue, mode, kind });
    if (record.mode !== mode || record.kind !== kind) {
      throw new QueueMismatchError(`queue "${queue}" is ${record.mode}/${record.kind}, not ${mode}/${kind}`);
    }
    this.#add(queue);
    return this.#routeTo(record);
  }

  async look(queues: readonly string[] = [...this.#known]): Promise<QueueLook[]> {
    const recorded = new Map((await this.registry.queues()).map((record) => [record.name, record]));
    return queues.map((name) => {
      const configured = this.#modeOf(name);
      return { ...this.#routeTo(recorded.get(name) ?? { name, mode: configured, kind: "fifo" }), configured };
    });
  }

  async broker(mode: QueueMode): Promise<MemoryBroker> {
    return this.#brokers[mode];
  }

  async queueNames(): Promise<string[]> {
    return [...this.#known];
  }

  brokers(): readonly Broker[] {
    return queueModes.map((mode) => this.#brokers[mode]);
  }

  async sources(queues: readonly string[]): Promise<Source[]> {
    for (const queue of queues) if (!isPattern(queue)) await this.route(queue);
    const wanted = (name: string) => queues.length === 0 || queues.some((queue) => matchesPattern(queue, name));
    return queueModes.map((name) => ({
      name,
      broker: this.#brokers[name],
      queues: () => [...this.#known].filter((queue) => this.#modeOf(queue) === name && wanted(queue)),
      onQueues: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    }));
  }

  /** What ends with the process needs no tidying. */
  chores(): readonly Chore[] {
    return [];
  }

  onFinished(listener: (ids: readonly string[]) => void): () => void {
    const stops = queueModes.map((mode) => this.#brokers[mode].store.wakeups.listen({ onFinished: listener }));
    return () => {
      for (const stop of stops) stop();
    };
  }

  #routeTo({ name, mode, kind }: QueueRecord): QueueRoute {
    return { queue: name, mode, kind, broker: this.#brokers[mode], keepsResults: mode !== "no-storage" };
  }

  #add(queue: string): void {
    if (this.#known.has(queue)) return;
    this.#known.add(queue);
    for (const listener of this.#listeners) listener();
  }

  #modeOf(queue: string): QueueMode {
    const patterns = this.#modes.filter(([name]) => isPattern(name) && matchesPattern(name, queue));
    const exact = this.#modes.find(([name]) => name === queue);
    return (exact ?? patterns.sort(([a], [b]) => b.length - a.length)[0])?.[1] ?? "regular";
  }
}

function isPattern(name: string): boolean {
  return name.endsWith("*") || name.endsWith("/");
}

/** `crawl/*` and `crawl/` stand for every queue below `crawl`. */
function matchesPattern(pattern: string, queue: string): boolean {
  return isPattern(pattern) ? queue.startsWith(pattern.replace(/\*$/, "")) : pattern === queue;
}
