import { type Status, statuses } from "../model/status.js";
import type { QueueCounts } from "../ports/broker.js";
import type { Deployment, QueueLook } from "../ports/deployment.js";

/** All queues below a name such as `crawl/`, those that appear later included. */
export class QueueTree {
  readonly name: string;
  readonly #deployment: Pick<Deployment, "look" | "brokers">;

  constructor(name: string, deployment: Pick<Deployment, "look" | "brokers">) {
    this.name = name;
    this.#deployment = deployment;
  }

  /** The names of the queues there are by now. */
  async queues(): Promise<string[]> {
    return (await this.#looks()).map(({ queue }) => queue);
  }

  /** Jobs per status, of all queues together. */
  async counts(): Promise<QueueCounts> {
    const sum = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>;
    const looks = await this.#looks();
    for (const broker of new Set(looks.map((look) => look.broker))) {
      const names = looks.filter((look) => look.broker === broker).map(({ queue }) => queue);
      for (const counts of (await broker.counts(names)).values())
        for (const status of statuses) sum[status] += counts[status];
    }
    return sum;
  }

  /** Workers start nothing more of these queues, nor of those that appear later, until the tree is resumed. */
  async pause(): Promise<void> {
    await Promise.all(this.#deployment.brokers().map((broker) => broker.pause(this.name)));
  }

  /** Queues of the tree that were paused by their own names stay paused. */
  async resume(): Promise<void> {
    await Promise.all(this.#deployment.brokers().map((broker) => broker.resume(this.name)));
  }

  async isPaused(): Promise<boolean> {
    const paused = await Promise.all(this.#deployment.brokers().map((broker) => broker.paused()));
    return paused.some((names) => names.includes(this.name));
  }

  async #looks(): Promise<QueueLook[]> {
    return (await this.#deployment.look()).filter(({ queue }) => queue.startsWith(this.name));
  }
}
