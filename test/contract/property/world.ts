import { type Broker, type Claim, type Job, type JobRef, MemoryBroker, type NewJob } from "@tandemq/core";
import { unique } from "../../support/unique.js";
import type { Subject } from "../subject.js";

/** One claim, as the model and the system gave it: the tokens differ. */
export interface Delivery {
  readonly model: Claim;
  readonly system: Claim;
}

/** A broker under test beside its model, and all that happened so far. */
export class World {
  readonly system: Broker;
  readonly model: MemoryBroker;
  readonly queues: readonly string[] = [unique("queue"), unique("queue")];
  /** Every job that was ever enqueued, where it is now. */
  readonly jobs = new Map<string, NewJob>();
  readonly deliveries: Delivery[] = [];
  /** Jobs whose place is by the store's own clock, where producers have another. */
  readonly placedByStore = new Set<string>();
  /** The model's tokens by which a settlement was accepted. */
  readonly accepted = new Set<string>();
  /** Jobs that were enqueued again after the stores had forgotten their end. */
  readonly #revived = new Set<string>();
  readonly #subject: Subject;

  constructor(subject: Subject, system: Broker) {
    this.#subject = subject;
    this.system = system;
    this.model = new MemoryBroker({ keeps: subject.keepsSuccesses ? "all" : "failures" });
  }

  queue(n: number): string {
    return this.queues[n % this.queues.length] ?? "";
  }

  /** The nth job, or one that does not exist as long as there is none. */
  ref(n: number): JobRef {
    const job = [...this.jobs.values()][n % Math.max(1, this.jobs.size)];
    return { id: job?.id ?? "0".repeat(24), queue: job?.queue ?? this.queue(0) };
  }

  /** The store itself gave the job a time. */
  placed(id: string): void {
    if (this.#subject.producerTellsTime) this.placedByStore.add(id);
  }

  moved(id: string, queue: string): void {
    const job = this.jobs.get(id);
    if (job) this.jobs.set(id, { ...job, queue });
  }

  /** The nth delivery, if there was any. */
  delivery(n: number): Delivery | undefined {
    return this.deliveries[n % Math.max(1, this.deliveries.length)];
  }

  /**
   * Whether it is promised what a settlement of this delivery is told: not when an earlier one was accepted, and the
   * job was deleted, cancelled, requeued or enqueued again since. Then `settled` and `lost` are both true.
   */
  promisesSettle({ model: { id, queue, token, generation } }: Delivery): boolean {
    if (!this.accepted.has(token)) return true;
    if (this.#revived.has(id)) return false;
    const { store } = this.model;
    const job = store.entry({ id, queue })?.job;
    return job ? job.status !== "cancel" && job.generation === generation : store.isVanished(queue, token);
  }

  /** Whether a second enqueue of this id has an effect that is promised. */
  async promisesEnqueueAgain(job: JobRef): Promise<boolean> {
    if (this.model.store.entry(job) === undefined) this.#revived.add(job.id);
    if (this.#subject.knowsEnded === "at enqueue") return true;
    return (await this.model.get([job]))[0]?.due !== undefined;
  }

  /** Whether the job has moved since: its earlier holder has no promise where to find it. */
  hasMoved({ id, queue }: JobRef): boolean {
    return this.jobs.get(id)?.queue !== queue;
  }

  /** Asks both, and tells both answers. */
  async both<T>(ask: (broker: Broker) => Promise<T>): Promise<{ system: T; model: T }> {
    const system = await ask(this.system);
    return { system, model: await ask(this.model) };
  }

  /** What can be seen from outside, as far as both promise the same. */
  async look(broker: Broker): Promise<unknown> {
    const jobs = await broker.get([...this.jobs.values()].map(({ id, queue }) => ({ id, queue })));
    return {
      jobs: jobs.map((job) => job && seen(job)),
      counts: await this.#counts(broker),
      paused: await this.#paused(broker),
    };
  }

  async #counts(broker: Broker): Promise<unknown[]> {
    const counts = await broker.counts(this.queues);
    return this.queues.map((queue) => {
      const { queued, started, retry, interrupt, ...finished } = counts.get(queue) ?? {};
      return { queued, started, retry, interrupt, finished: this.#subject.countsFinished && finished };
    });
  }

  async #paused(broker: Broker): Promise<string[]> {
    const paused = await broker.paused();
    return this.queues.filter((queue) => paused.includes(queue));
  }
}

function seen(job: Job): unknown {
  const { status, attempt, deliveries, lost, generation, priority, queue, params, result, error } = job;
  const view = { status, attempt, deliveries, lost, generation, priority, queue, params, lapsed: job.lapsed ?? false };
  return { ...view, live: job.due !== undefined, result: result ?? null, error: error?.message };
}
