import { type Broker, type NewJob, type Outbox, Pace } from "@tandemq/core";
import { relayJobs } from "./relay-jobs.js";

const page = 500;
/** A relay that dies leaves its jobs to the others after this time, ms. */
const lease = 30_000;
/** Milliseconds between two looks, after something was found and in the long run. */
const look = { least: 500, most: 5_000 };

/**
 * Brings jobs from the outbox to their queues. Each worker has one, none is the leader; who enqueued within a
 * transaction relays once by itself, as soon as the session has ended.
 */
export class Relay {
  readonly #outbox: Outbox;
  readonly #brokerOf: (queue: string) => Promise<Broker>;
  readonly #warn: (message: string) => void;
  readonly #pace: Pace = new Pace(look.least, look.most);
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #failing = false;

  constructor(outbox: Outbox, brokerOf: (queue: string) => Promise<Broker>, warn: (message: string) => void) {
    this.#outbox = outbox;
    this.#brokerOf = brokerOf;
    this.#warn = warn;
  }

  /** Looks from time to time, until closed. */
  start(): void {
    if (!this.#closed) this.#timer ??= this.#lookLater();
  }

  /** Looks now; who asks during a look gets another. */
  kick(): void {
    this.#again = this.#running !== undefined;
    if (this.#closed || this.#running) return;
    this.#running = this.#relayAll().finally(() => {
      this.#running = undefined;
      if (this.#again) this.kick();
    });
  }

  /** Resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #lookLater(): NodeJS.Timeout {
    const look = () => {
      this.kick();
      if (!this.#closed) this.#timer = this.#lookLater();
    };
    return setTimeout(look, this.#pace.current).unref();
  }

  async #relayAll(): Promise<void> {
    try {
      this.#pace.missed();
      while (await this.#relaySome());
      this.#failing = false;
    } catch (error) {
      if (!this.#failing)
        this.#warn(`the outbox is not relayed: ${error instanceof Error ? error.message : String(error)}`);
      this.#failing = true;
    }
  }

  async #relaySome(): Promise<boolean> {
    const began = performance.now();
    const jobs = await this.#take();
    if (jobs.length === 0) return false;
    this.#pace.found();
    await relayJobs(this.#outbox, this.#brokerOf, jobs, this.#warn, began);
    return true;
  }

  async #take(): Promise<readonly NewJob[]> {
    return this.#closed ? [] : this.#outbox.take(page, lease);
  }
}
