import type { Job } from "../model/job.js";
import type { JobFilter, QueueCounts } from "../ports/broker.js";
import type { QueueRoute } from "../ports/deployment.js";
import type { QueueMode } from "../ports/registry.js";

/** One queue: what is in it, and the switches an operator has. */
export class QueueHandle {
  readonly name: string;
  readonly #route: () => Promise<QueueRoute>;

  constructor(name: string, route: () => Promise<QueueRoute>) {
    this.name = name;
    this.#route = route;
  }

  async mode(): Promise<QueueMode> {
    return (await this.#route()).mode;
  }

  /** Jobs per status. In no-storage queues `success` counts the jobs that ended well since the queue began. */
  async counts(): Promise<QueueCounts> {
    const { broker } = await this.#route();
    const counts = (await broker.counts([this.name])).get(this.name);
    if (!counts) throw new Error(`the broker gave no counts for queue "${this.name}"`);
    return counts;
  }

  /** The jobs that come next, the first to be claimed first. */
  async head(limit: number = 10): Promise<Job[]> {
    const { broker } = await this.#route();
    return broker.find({ queue: this.name, order: "head", limit });
  }

  async jobs(filter: Omit<JobFilter, "queue"> = {}): Promise<Job[]> {
    const { broker } = await this.#route();
    return broker.find({ ...filter, queue: this.name });
  }

  /** Workers start nothing more of this queue until it is resumed; enqueueing goes on. */
  async pause(): Promise<void> {
    await (await this.#route()).broker.pause(this.name);
  }

  async resume(): Promise<void> {
    await (await this.#route()).broker.resume(this.name);
  }

  async isPaused(): Promise<boolean> {
    return (await (await this.#route()).broker.paused()).includes(this.name);
  }

  /** Deletes every waiting job and returns how many. Started and finished ones stay. */
  async purge(): Promise<number> {
    return (await this.#route()).broker.purge(this.name);
  }
}
