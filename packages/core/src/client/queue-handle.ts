import { checkFilter } from "../actions/check-filter.js";
import type { Histogram } from "../model/histogram.js";
import type { Job } from "../model/job.js";
import type { JobFilter, QueueCounts } from "../ports/broker.js";
import type { QueueLook } from "../ports/deployment.js";
import type { QueueMode } from "../ports/registry.js";
import { pausedBy } from "../rules/paused-trees.js";
import { checkInteger } from "../tasks/check-task-options.js";
import { type HistogramOptions, rangeOf } from "./histogram-options.js";
import type { Show } from "./job-looker.js";

/** One queue: what is in it, and the switches an operator has. */
export class QueueHandle {
  readonly name: string;
  readonly #look: () => Promise<QueueLook>;
  readonly #show: Show;

  constructor(name: string, look: () => Promise<QueueLook>, show: Show) {
    this.name = name;
    this.#look = look;
    this.#show = show;
  }

  /** The mode that the store has recorded; the configured one before the queue's first use. */
  async mode(): Promise<QueueMode> {
    return (await this.#look()).mode;
  }

  /** The mode in the configuration: not as recorded, enqueueing and workers are refused. `undefined`: not configured. */
  async configuredMode(): Promise<QueueMode | undefined> {
    return (await this.#look()).configured;
  }

  /** Jobs per status. In no-storage queues `success` counts the jobs that ended well since the queue began. */
  async counts(): Promise<QueueCounts> {
    const { broker } = await this.#look();
    const counts = (await broker.counts([this.name])).get(this.name);
    if (!counts) throw new Error(`the broker gave no counts for queue "${this.name}"`);
    return counts;
  }

  /** The jobs that come next, the first to be claimed first. */
  async head(limit: number = 10): Promise<Job[]> {
    checkInteger(limit, 0, Number.MAX_SAFE_INTEGER, "head");
    return this.jobs({ order: "head", limit });
  }

  async jobs(filter: Omit<JobFilter, "queue"> = {}): Promise<Job[]> {
    checkFilter(filter, "jobs");
    const { broker } = await this.#look();
    return (await broker.find({ ...filter, queue: this.name })).map(this.#show);
  }

  /**
   * How many waiting jobs come due in each slice of time; in a `sorted` queue, how many in line have a score in each
   * slice. What is before and after the range is counted, too.
   *
   * @throws InvalidOptionError
   */
  async histogram(options: HistogramOptions = {}): Promise<Histogram> {
    const range = rangeOf(options);
    return (await this.#look()).broker.histogram(this.name, range);
  }

  /** Workers start nothing more of this queue until it is resumed; enqueueing goes on. */
  async pause(): Promise<void> {
    await (await this.#look()).broker.pause(this.name);
  }

  async resume(): Promise<void> {
    await (await this.#look()).broker.resume(this.name);
  }

  /** Whether it is paused: by its own name, or with a tree of queues that it is in. */
  async isPaused(): Promise<boolean> {
    return (await this.pausedBy()) !== undefined;
  }

  /** What must be resumed before this queue goes on: itself, or a tree such as `crawl/`; `undefined`: it is not paused. */
  async pausedBy(): Promise<string | undefined> {
    const paused = await (await this.#look()).broker.paused();
    return pausedBy(new Set(paused), this.name);
  }

  /** Deletes every waiting job and returns how many. Started and finished ones stay. */
  async purge(): Promise<number> {
    return (await this.#look()).broker.purge(this.name);
  }
}
