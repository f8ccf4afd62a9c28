import { type Outcome, type SettleAnswer, type Settlement, defaults, endsJob, toJobError } from "@tandemq/core";
import type { Logger } from "pino";
import type { Source } from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import { withDeadline } from "../waiting/deadline.js";
import { Outage } from "../waiting/outage.js";
import { pause } from "../waiting/pause.js";

/** Most outcomes in one call, and most that may wait before claiming stops. */
export const maxPending = 1000;

/** A call that is not answered is asked again after this time, milliseconds. */
const patience = 30_000;

export interface SettlerListener {
  settled(delivery: Delivery, outcome: Outcome): void;
  /** Somebody else owns or ended the job; nothing was changed. */
  lost(delivery: Delivery, outcome: Outcome): void;
  /** The store fails; its outcomes are kept. */
  readonly failed: (error: unknown) => void;
}

/** A settlement as it is asked, with what this side knows of it. */
interface Item extends Settlement {
  readonly delivery: Delivery;
  outcome: Outcome;
  keep?: number;
  refusals: number;
}

/**
 * Settles the outcomes of one source: one call in flight, what comes meanwhile goes together in the next. Whatever the
 * store does, an outcome is kept and asked again until it is answered.
 */
export class Settler {
  readonly #source: Source;
  readonly #listener: SettlerListener;
  readonly #logger: Logger;
  readonly #outage: Outage;
  readonly #gone = new AbortController();
  #pending: Item[] = [];
  #running = false;
  #room: (() => void)[] = [];

  constructor(source: Source, listener: SettlerListener, logger: Logger) {
    this.#source = source;
    this.#listener = listener;
    this.#logger = logger;
    this.#outage = new Outage(`settling jobs (${source.name})`, logger, listener.failed);
  }

  add(delivery: Delivery, outcome: Outcome, keep?: number): void {
    this.#pending.push(itemOf(delivery, outcome, keep));
    if (this.#running) return;
    this.#running = true;
    queueMicrotask(() => void this.#run());
  }

  /** More outcomes wait for the store than should: claim no more. */
  get full(): boolean {
    return this.#pending.length >= maxPending;
  }

  /** Resolves when fewer outcomes wait than may. */
  room(): Promise<void> {
    return new Promise((resolve) => this.#room.push(resolve));
  }

  /** Gives up what the store did not take; leases run out. */
  abandon(): number {
    this.#gone.abort();
    return this.#pending.length;
  }

  async #run(): Promise<void> {
    while (this.#pending.length > 0 && !this.#gone.signal.aborted) {
      const batch = this.#pending.slice(0, maxPending);
      try {
        this.#read(batch, await this.#ask(batch));
        this.#outage.worked();
      } catch (error) {
        await pause(this.#outage.failed(error), this.#gone.signal);
      }
    }
    this.#running = false;
  }

  #ask(batch: readonly Item[]): Promise<readonly SettleAnswer[]> {
    return withDeadline(this.#source.broker.settle(batch), patience, "settle");
  }

  #read(batch: readonly Item[], answers: readonly SettleAnswer[]): void {
    if (answers.length !== batch.length)
      throw new Error(`settle gave ${answers.length} answers to ${batch.length} outcomes`);
    const again = batch.filter((item, i) => !this.#readOne(item, answers[i] as SettleAnswer));
    this.#pending.splice(0, batch.length, ...again);
    if (this.#pending.length < maxPending) for (const resolve of this.#room.splice(0)) resolve();
  }

  /** @returns whether the delivery is over */
  #readOne(item: Item, answer: SettleAnswer): boolean {
    const { delivery, outcome } = item;
    if (answer.state === "refused") return this.#refused(item, answer.error);
    if (answer.state === "lost") this.#listener.lost(delivery, outcome);
    else this.#listener.settled(delivery, answer.as ?? outcome);
    return true;
  }

  /** The store cannot hold this outcome: the job fails for that reason; if even that is refused, its lease runs out. */
  #refused(item: Item, error: Error): boolean {
    const { delivery } = item;
    this.#logger.warn({ job: delivery.claim.id, err: error }, "the store refused the outcome of a job");
    if (item.refusals++ > 0) {
      this.#logger.error(
        { job: delivery.claim.id },
        "it refused the failure, too: the job comes back when its lease is over",
      );
      this.#listener.lost(delivery, item.outcome);
      return true;
    }
    item.outcome = { status: "failed", error: toJobError(error) };
    item.keep = defaults.keepFailures;
    return false;
  }
}

function itemOf(delivery: Delivery, outcome: Outcome, keep: number | undefined): Item {
  const { id, queue, token, generation } = delivery.claim;
  if (!endsJob(outcome)) return { id, queue, token, generation, outcome, delivery, refusals: 0 };
  const usual = outcome.status === "success" ? defaults.keepResults : defaults.keepFailures;
  return { id, queue, token, generation, outcome, keep: keep ?? usual, delivery, refusals: 0 };
}
