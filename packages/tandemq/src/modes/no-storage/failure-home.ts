import type { Job, JobStore } from "@tandemq/core";
import { within } from "../within.js";

/** A store that does not answer in this time is not waited for, ms; when it starts it may have much to prepare. */
const patience = 3_000;
const patienceAtStart = 30_000;

/** So long after a failure the store is left alone, ms. */
const rest = 10_000;

/** Where failed no-storage jobs are kept, as long as it answers: a store that is away must not hold up their queues. */
export class FailureHome {
  readonly store: JobStore;
  readonly #warn: (message: string) => void;
  #restUntil = 0;
  #started = false;

  constructor(store: JobStore, warn: (message: string) => void) {
    this.store = store;
    this.#warn = warn;
  }

  /** Whether the jobs are in the store now. */
  async keep(jobs: readonly Job[]): Promise<boolean> {
    return (await this.ask((store) => store.record(jobs).then(() => true))) ?? false;
  }

  /** The store's answer; `undefined` when it is away, or was a moment ago. */
  async ask<T>(question: (store: JobStore) => Promise<T>): Promise<T | undefined> {
    if (performance.now() < this.#restUntil) return undefined;
    try {
      await this.#start();
      return await within(patience, question(this.store));
    } catch (error) {
      this.#restUntil = performance.now() + rest;
      const reason = error instanceof Error ? error.message : String(error);
      this.#warn(
        `failed no-storage jobs are kept in Redis meanwhile, because their store does not take them: ${reason}`,
      );
      return undefined;
    }
  }

  /** At the first question: the queues start without their store. */
  async #start(): Promise<void> {
    if (this.#started) return;
    await within(patienceAtStart, this.store.start());
    this.#started = true;
  }
}
