import {
  type Claim,
  type ClaimAnswer,
  type EndedClaim,
  type PathFilter,
  type SetAside,
  type Source,
  settlementOf,
} from "@tandemq/core";
import type { Logger } from "pino";
import type { Admission } from "../admission/admission.js";
import type { Budget } from "./budget.js";
import { withDeadline } from "../waiting/deadline.js";
import { Outage } from "../waiting/outage.js";
import { nextTurn, pause } from "../waiting/pause.js";
import type { QueueOrder } from "./queue-order.js";
import type { Settler } from "../settling/settler.js";
import type { Slots } from "./slots.js";

/** All jobs that may start were claimed: so often it is looked whether one went back because of a limit, milliseconds. */
const backLook = 100;

export interface FetcherOptions {
  readonly source: Source;
  readonly slots: Slots;
  readonly budget: Budget;
  readonly settler: Settler;
  /** Milliseconds of each claim's lease. A claim may take half of it: what comes later can still be given back. */
  readonly lease: number;
  readonly session: string;
  /** What the claims have to ask about limits, if there are any. */
  readonly admission: Admission;
  readonly order: QueueOrder;
  /** The tasks that are wanted; left out: all. */
  readonly paths?: PathFilter;
  readonly logger: Logger;
  readonly onError: (error: unknown) => void;
  /** Longest wait for a wake-up before looking again, milliseconds. */
  readonly look: number;
  /** A claim was answered, after so many milliseconds. */
  readonly onAnswer: (ms: number) => void;
  /** Called in the same turn in which the claims arrive. */
  readonly onClaims: (claims: readonly Claim[], source: Source) => void;
  readonly onSetAside: (aside: readonly SetAside[], source: Source) => void;
  /** Jobs that the claim ended instead of handing them out. */
  readonly onEnded: (ended: readonly EndedClaim[], source: Source) => void;
  /** Nothing was due when the claim that began at this time (`performance.now()`) looked. */
  readonly onEmpty: (source: Source, began: number) => void;
}

/** Longest wait for what this worker itself is about to change, milliseconds. */
const rest = 1000;

interface Claimed {
  readonly got: number;
  /** The turn of the next claim, where there may be more that is due. */
  readonly next: Promise<void> | undefined;
}

/** The loop that claims from one source. Whatever its store does, the loop goes on, and so do those of the others. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #outage: Outage;
  readonly #stopped = new AbortController();
  /** Ends a wait for work: there are queues that the wait does not know, or the fetcher stops. */
  #news = new AbortController();
  #stopListening: () => void = () => {};
  #loop: Promise<void> = Promise.resolve();
  /** It waited for work, and there may be some. */
  #rested = false;

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#outage = new Outage(`claiming jobs (${options.source.name})`, options.logger, options.onError);
  }

  start(): void {
    this.#stopListening = this.#options.source.onQueues(() => this.#tellNews());
    this.#loop = this.#run();
  }

  /** No claim begins after this; resolves when the one in flight has ended, too. */
  async stop(): Promise<void> {
    this.#stopListening();
    this.#stopped.abort();
    this.#tellNews();
    await this.#loop;
  }

  /** A job of this source did not begin and goes back: that was no turn of its queue. */
  cameBack(queue: string): void {
    this.#options.order.back(queue);
  }

  #tellNews(): void {
    this.#news.abort();
    if (!this.#stopped.signal.aborted) this.#news = new AbortController();
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#round(this.#options.source.queues(), this.#news.signal);
      } catch (error) {
        await pause(this.#outage.failed(error), this.#stopped.signal);
      }
    }
  }

  async #round(queues: readonly string[], news: AbortSignal): Promise<void> {
    const { signal } = this.#stopped;
    if (queues.length === 0) return this.#idle(performance.now(), news);
    if (this.#options.settler.full) return this.#awaitRoom();
    const free = await this.#options.slots.take(signal, this.#rested);
    this.#rested = false;
    const wanted = this.#options.budget.reserve(free);
    if (wanted === 0) return this.#release(free);
    const began = performance.now();
    const { got, next } = await this.#claim(queues, wanted, free, began);
    this.#outage.worked();
    if (next) return next;
    if (got === 0) this.#options.onEmpty(this.#options.source, began);
    await this.#options.source.broker.waitForWork(queues, { timeout: this.#options.look, signal: news });
    this.#rested = true;
  }

  async #awaitRoom(): Promise<void> {
    const over = new AbortController();
    const stop = () => over.abort();
    this.#stopped.signal.addEventListener("abort", stop, { once: true });
    await Promise.race([this.#options.settler.room(), pause(rest, over.signal)]);
    this.#stopped.signal.removeEventListener("abort", stop);
    stop();
  }

  /**
   * Everything about an answer happens in the turn in which it arrives: no claim is ever nobody's. The next claim stands in
   * line before the jobs of this one, so that the store works while they run.
   */
  async #claim(queues: readonly string[], wanted: number, free: number, began: number): Promise<Claimed> {
    const { source, slots, budget, lease, session, admission, order, paths } = this.#options;
    let got = 0;
    let next: Promise<void> | undefined;
    try {
      const admit = admission.of(source);
      const plan = order.of(queues, wanted);
      const asked = source.broker.claim({
        ...{ ...plan, lease, worker: session },
        ...(admit && { admit }),
        ...(paths && { paths }),
      });
      const answer = await withDeadline(asked, lease / 2, "claim", (late) => this.#late(late));
      this.#options.onAnswer(performance.now() - began);
      got = answer.claims.length;
      budget.spend(got);
      next = got >= plan.max || answer.more ? nextTurn() : undefined;
      order.got(answer.claims, plan.queues);
      this.#take(answer);
    } finally {
      budget.release(wanted);
      slots.release(free);
    }
    return { got, next };
  }

  #take({ claims, setAside, ended }: ClaimAnswer): void {
    if (ended && ended.length > 0) this.#options.onEnded(ended, this.#options.source);
    if (claims.length > 0) this.#options.onClaims(claims, this.#options.source);
    if (setAside.length > 0) this.#options.onSetAside(setAside, this.#options.source);
  }

  /** Jobs that come after nobody waited for them any more go back. */
  #late({ claims, ended }: ClaimAnswer): void {
    this.#take({ claims: [], setAside: [], ...(ended ? { ended } : {}) });
    const settlements = claims.map((claim) => settlementOf(claim, { status: "interrupt" }));
    if (settlements.length > 0) this.#options.source.broker.settle(settlements).catch(() => {});
  }

  async #release(free: number): Promise<void> {
    if (free > 0) this.#options.slots.release(free);
    await pause(Math.min(this.#options.look, backLook), this.#stopped.signal);
  }

  async #idle(began: number, news: AbortSignal): Promise<void> {
    this.#options.onEmpty(this.#options.source, began);
    await pause(Math.min(rest, this.#options.look / 4), news);
  }
}
