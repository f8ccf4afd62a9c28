import { setTimeout as pause } from "node:timers/promises";
import type { JobRef } from "../model/job.js";
import { toMs } from "../rules/duration.js";
import type { ActionAnswer, ActionOptions, ActionProgress, ActionRefusal, ActionReport } from "./action-options.js";

/** Jobs of one call. */
const batchSize = 1000;

/** What an action does: which jobs, and what to a batch of them. */
export interface ActionPlan {
  find(): Promise<{ readonly refs: readonly JobRef[]; readonly capped: boolean }>;
  /** Answers in the order of the refs. */
  act(refs: readonly JobRef[]): Promise<readonly ActionAnswer[]>;
}

/**
 * Something done to many jobs, in the background: `await action.result()` tells how it ended, `for await` over the
 * action tells how far it is. It takes the jobs that matched when it began, and no other.
 */
export class Action implements AsyncIterable<ActionProgress> {
  readonly #plan: ActionPlan;
  readonly #options: ActionOptions;
  readonly #stop = new AbortController();
  readonly #refused = new Map<ActionRefusal, number>();
  readonly #running: Promise<ActionReport>;
  #found = 0;
  #done = 0;
  #over = false;
  #news: { promise: Promise<void>; tell: () => void } = news();

  constructor(plan: ActionPlan, options: ActionOptions) {
    this.#plan = plan;
    this.#options = options;
    const stop = () => this.stop();
    options.signal?.addEventListener("abort", stop, { once: true });
    this.#running = this.#run().finally(() => {
      options.signal?.removeEventListener("abort", stop);
      this.#over = true;
      this.#news.tell();
    });
    // Whoever only watches the progress is told by the iterator.
    this.#running.catch(() => undefined);
  }

  get progress(): ActionProgress {
    const refused = [...this.#refused.values()].reduce((sum, n) => sum + n, 0);
    return { found: this.#found, done: this.#done, refused };
  }

  /** Jobs that have their answer. */
  get #acted(): number {
    const { done, refused } = this.progress;
    return done + refused;
  }

  /** Rejects with the store's error when it was away; what was done until then is done. */
  result(): Promise<ActionReport> {
    return this.#running;
  }

  /** Ends the action after the batch under way. */
  stop(): void {
    this.#stop.abort();
  }

  /** The progress after each batch, the latest where the reader is slow; throws as `result` does. */
  async *[Symbol.asyncIterator](): AsyncIterator<ActionProgress> {
    let told = Number.NaN;
    while (!this.#over) {
      await this.#news.promise;
      if (this.#over) break;
      told = this.#acted;
      yield this.progress;
    }
    await this.#running;
    if (told !== this.#acted) yield this.progress;
  }

  async #run(): Promise<ActionReport> {
    if (this.#options.signal?.aborted) this.stop();
    const { refs, capped } = await this.#plan.find();
    this.#found = refs.length;
    this.#tell();
    const finished = await this.#actOnAll(refs);
    const { found, done } = this.progress;
    return { found, done, refused: Object.fromEntries(this.#refused), capped, stopped: !finished };
  }

  /** Whether it came to the end. */
  async #actOnAll(refs: readonly JobRef[]): Promise<boolean> {
    const { rate } = this.#options;
    const size = Math.min(batchSize, rate?.max ?? batchSize);
    const stretch = rate ? (toMs(rate.per) * size) / rate.max : 0;
    for (let start = 0; start < refs.length; start += size) {
      if (start > 0 && stretch > 0) await this.#rest(stretch);
      if (this.#stop.signal.aborted) return false;
      const answers = await this.#plan.act(refs.slice(start, start + size));
      for (const answer of answers) this.#count(answer);
      this.#tell();
    }
    return true;
  }

  #count(answer: ActionAnswer): void {
    if (answer === "done") this.#done += 1;
    else this.#refused.set(answer, (this.#refused.get(answer) ?? 0) + 1);
  }

  #tell(): void {
    const { tell } = this.#news;
    this.#news = news();
    tell();
    this.#options.onProgress?.(this.progress);
  }

  async #rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}

function news(): { promise: Promise<void>; tell: () => void } {
  let tell: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return { promise, tell };
}
