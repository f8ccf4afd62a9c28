import { ClosedError, JobNotFoundError } from "../errors/errors.js";
import type { Job, JobId, JobRef } from "../model/job.js";
import { isFinal } from "../model/status.js";
import type { Routes } from "./routes.js";

interface Waiter {
  /** Where the job was when it was last seen. */
  ref: JobRef;
  readonly resolve: (job: Job) => void;
  readonly reject: (error: Error) => void;
}

const shortestPause = 10;
const longestPause = 1000;
const batchSize = 500;

/**
 * Waits for jobs to end: one look for all waiting callers, soon after an end is announced, and by itself at growing
 * intervals (10 ms to 1 s), since announcements may be lost. A job that is not where it was is looked for in all queues.
 */
export class ResultWaiter {
  readonly #routes: Pick<Routes, "get" | "find">;
  readonly #waiters = new Map<string, Set<Waiter>>();
  #timer: NodeJS.Timeout | undefined;
  /** When the next look is to begin (`performance.now()`). */
  #next: number = Number.POSITIVE_INFINITY;
  #pause: number = shortestPause;
  #looking = false;
  #announced = false;
  #closed = false;

  constructor(routes: Pick<Routes, "get" | "find">) {
    this.#routes = routes;
  }

  /** Resolves with the final job; rejects when the signal aborts, with its reason. */
  wait(ref: JobRef, signal: AbortSignal): Promise<Job> {
    return new Promise((resolve, reject) => {
      const stop = () => this.#remove(waiter);
      const abort = () => waiter.reject(signal.reason as Error);
      const settle = () => {
        stop();
        signal.removeEventListener("abort", abort);
      };
      const waiter: Waiter = {
        ref,
        resolve: (job) => (settle(), resolve(job)),
        reject: (error) => (settle(), reject(error)),
      };
      if (signal.aborted) return abort();
      if (this.#closed) return waiter.reject(new ClosedError("the client"));
      signal.addEventListener("abort", abort, { once: true });
      this.#add(waiter);
    });
  }

  /** Jobs are said to have ended: look at once if one of them is waited for. */
  announce(ids: readonly string[]): void {
    if (this.#waiters.size === 0 || !ids.some((id) => this.#waiters.has(id))) return;
    this.#announced = true;
    this.#schedule(0);
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    for (const waiter of this.#all()) waiter.reject(new ClosedError("the client"));
  }

  #add(waiter: Waiter): void {
    const { id } = waiter.ref;
    const others = this.#waiters.get(id);
    if (others) others.add(waiter);
    else this.#waiters.set(id, new Set([waiter]));
    this.#pause = shortestPause;
    this.#schedule(this.#pause);
  }

  #remove(waiter: Waiter): void {
    const others = this.#waiters.get(waiter.ref.id);
    others?.delete(waiter);
    if (others?.size === 0) this.#waiters.delete(waiter.ref.id);
    if (this.#waiters.size === 0) this.#cancel();
  }

  #all(): Waiter[] {
    return [...this.#waiters.values()].flatMap((waiters) => [...waiters]);
  }

  /** A look that is due earlier stays: however often others begin to wait, nobody's look is put off. */
  #schedule(ms: number): void {
    const next = performance.now() + ms;
    if (this.#looking || this.#next <= next) return;
    this.#cancel();
    this.#next = next;
    this.#timer = setTimeout(() => void this.#lookOnce(), ms);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#next = Number.POSITIVE_INFINITY;
  }

  async #lookOnce(): Promise<void> {
    this.#looking = true;
    this.#next = Number.POSITIVE_INFINITY;
    this.#announced = false;
    try {
      const refs = [...this.#waiters.values()].flatMap((waiters) => [...waiters].slice(0, 1)).map(({ ref }) => ref);
      for (let i = 0; i < refs.length; i += batchSize) await this.#lookAt(refs.slice(i, i + batchSize));
    } catch {
      // The store is away: the next look asks again, and each caller's own time limit ends its wait.
    }
    this.#looking = false;
    this.#pause = Math.min(this.#pause * 1.5, longestPause);
    if (this.#waiters.size > 0) this.#schedule(this.#announced ? 0 : this.#pause);
  }

  async #lookAt(refs: readonly JobRef[]): Promise<void> {
    const jobs = await this.#routes.get(refs);
    for (const [i, { id }] of refs.entries()) this.#tell(id, jobs[i] ?? (await this.#routes.find(id)));
  }

  #tell(id: JobId, job: Job | undefined): void {
    for (const waiter of [...(this.#waiters.get(id) ?? [])]) {
      if (!job) waiter.reject(new JobNotFoundError(id));
      else if (isFinal(job.status)) waiter.resolve(job);
      else if (job.queue !== waiter.ref.queue) waiter.ref = { id, queue: job.queue };
    }
  }
}
