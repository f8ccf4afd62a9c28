import type { CancelRequest, QueueRecord, Registry, WorkerRecord } from "@tandemq/core";
import { within } from "./within.js";

/** A store that does not answer in this time is left out, ms. */
const patience = 3_000;

/**
 * The registries of all stores as one: everything is written to each of them, and what one knows is known. So two
 * programs that share only one of the stores see each other. A store that fails is left out as long as another answers.
 */
export class SharedRegistry implements Registry {
  readonly #registries: readonly Registry[];

  constructor(registries: readonly Registry[]) {
    this.#registries = registries;
  }

  /** The record that holds; where the stores disagree, one that is not as wanted. */
  async recordQueue(wanted: QueueRecord): Promise<QueueRecord> {
    const records = await this.#ask(async (registry) => ({ registry, ...(await registry.recordQueue(wanted)) }));
    const other = records.find(({ mode, kind }) => mode !== wanted.mode || kind !== wanted.kind);
    if (!other) return wanted;
    // The refused use settles nothing: else the stores would contradict each other from now on.
    const settled = records.filter(({ isNew }) => isNew);
    await Promise.all(settled.map(({ registry }) => registry.forgetQueue(wanted.name)));
    return { name: wanted.name, mode: other.mode, kind: other.kind };
  }

  async queues(): Promise<QueueRecord[]> {
    const lists = await this.#ask((registry) => registry.queues());
    return [...new Map(lists.flat().map((record) => [record.name, record])).values()];
  }

  async forgetQueue(name: string): Promise<void> {
    await this.#ask((registry) => registry.forgetQueue(name));
  }

  async heartbeat(worker: Omit<WorkerRecord, "seenAt">, ttl: number): Promise<void> {
    await this.#ask((registry) => registry.heartbeat(worker, ttl));
  }

  async forgetWorker(id: string): Promise<void> {
    await this.#ask((registry) => registry.forgetWorker(id));
  }

  /** Each worker once, as it was seen last. */
  async workers(): Promise<WorkerRecord[]> {
    const lists = await this.#ask((registry) => registry.workers());
    const oldestFirst = lists.flat().sort((a, b) => a.seenAt.getTime() - b.seenAt.getTime());
    return [...new Map(oldestFirst.map((worker) => [worker.id, worker])).values()];
  }

  async requestCancel(requests: readonly CancelRequest[], ttl: number): Promise<void> {
    await this.#ask((registry) => registry.requestCancel(requests, ttl));
  }

  async cancelRequests(): Promise<CancelRequest[]> {
    const lists = await this.#ask((registry) => registry.cancelRequests());
    return [...new Map(lists.flat().map((request) => [JSON.stringify(request), request])).values()];
  }

  async dropCancelRequests(requests: readonly CancelRequest[]): Promise<void> {
    await this.#ask((registry) => registry.dropCancelRequests(requests));
  }

  async #ask<T>(question: (registry: Registry) => Promise<T>): Promise<T[]> {
    const asked = this.#registries.map((registry) => within(patience, question(registry)));
    const answers = await Promise.allSettled(asked);
    const given = answers.filter((answer) => answer.status === "fulfilled").map(({ value }) => value);
    const failed = answers.find((answer) => answer.status === "rejected");
    if (failed && given.length === 0) throw failed.reason;
    return given;
  }
}
