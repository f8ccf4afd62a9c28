import { type Claim, inGroups, type JobStore, type Token } from "@tandemq/core";
import { within } from "../within.js";
import type { Held } from "./held-claims.js";

/**
 * Milliseconds after which the start of a job that still runs is recorded. A job that is shorter costs one write instead
 * of two; one that is longer does not feel the second. In between, its entry tells that it runs.
 */
const recordAfter = 50;

/**
 * First deliveries that were handed out before their start was recorded. Of a job that nobody ever claimed there is no
 * document, so nothing can forbid its run, and its entry alone brings it back when its worker dies.
 */
export class LateStarts {
  readonly #store: Pick<JobStore, "recordStarts">;
  readonly #onFinal: (claims: readonly Claim[]) => void;
  /** Those without a document, oldest first. */
  readonly #open = new Map<Token, Held>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param onFinal told of deliveries that turn out to be of jobs that are over */
  constructor(store: Pick<JobStore, "recordStarts">, onFinal: (claims: readonly Claim[]) => void) {
    this.#store = store;
    this.#onFinal = onFinal;
  }

  add(held: Held): void {
    held.start = "due";
    this.#open.set(held.claim.token, held);
    if (!this.#timer) this.#arm();
  }

  /** It has a document now, or needs none any more. */
  drop(held: Held): void {
    if (!held.start) return;
    delete held.start;
    this.#open.delete(held.claim.token);
  }

  /**
   * Runs what ends these deliveries. Their starts are not recorded meanwhile, and none is on its way when it begins: it
   * would make a document of a job that is over, and may be deleted.
   *
   * @param patience milliseconds after which a start that is on its way is not waited for: where the job is not over
   */
  async end<T>(ending: readonly Held[], work: () => Promise<T>, patience?: number): Promise<T> {
    const writing = Promise.all(ending.map(({ start }) => start).filter((start) => start instanceof Promise));
    await (patience === undefined ? writing : within(patience, writing).catch(() => undefined));
    return this.#during(ending, work());
  }

  /** Records the starts of these now, as far as they have no document. */
  async record(some: readonly Held[]): Promise<void> {
    await Promise.all(some.map(({ start }) => start));
    const missing = some.filter(({ start }) => start !== undefined);
    if (missing.length > 0) await this.#during(missing, this.#write(missing));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** What is written in vain is left to the outcomes, which tell what is wrong. */
  async #during<T>(some: readonly Held[], work: Promise<T>): Promise<T> {
    const done = work.then(
      () => undefined,
      () => undefined,
    );
    for (const held of some) if (held.start) held.start = done;
    try {
      return await work;
    } finally {
      for (const held of some) if (held.start === done) held.start = "left";
    }
  }

  async #write(some: readonly Held[]): Promise<void> {
    for (const [worker, held] of inGroups(some, (one) => one.worker)) {
      const claims = held.map(({ claim }) => claim);
      const answers = await this.#store.recordStarts(claims, worker);
      for (const one of held) this.drop(one);
      const final = claims.filter((_, i) => answers[i] === "final");
      if (final.length > 0) this.#onFinal(final);
    }
  }

  #arm(): void {
    if (!this.#closed) this.#timer = setTimeout(() => void this.#tick(), recordAfter / 2).unref();
  }

  /** Of those whose lease is over nothing is recorded: somebody else may have their job. */
  async #tick(): Promise<void> {
    const now = performance.now();
    const late = this.#due(now - recordAfter).filter(({ until }) => until > now);
    if (late.length > 0) await this.#during(late, this.#write(late)).catch(() => undefined);
    this.#timer = undefined;
    if (this.#due(Number.POSITIVE_INFINITY, 1).length > 0) this.#arm();
  }

  #due(before: number, most: number = Number.POSITIVE_INFINITY): Held[] {
    const due: Held[] = [];
    for (const held of this.#open.values()) {
      if (held.since > before || due.length >= most) break;
      if (held.start === "due") due.push(held);
    }
    return due;
  }
}
