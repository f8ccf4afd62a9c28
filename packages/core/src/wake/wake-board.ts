/**
 * Remembers which queues may have due work, so that no wake-up is lost between a claim that found nothing and the
 * wait that follows it. Used by every broker.
 */
export class WakeBoard {
  readonly #hot = new Set<string>();
  readonly #nextDue = new Map<string, number>();
  readonly #waiters = new Set<() => void>();
  /** Queues that were claimed from since messages may have been missed; `undefined` while none were. */
  #claimedSinceLag: Set<string> | undefined;

  /** To be called when a claim on these queues begins: what happened before it, the claim will see. */
  beginClaim(queues: readonly string[]): void {
    for (const queue of queues) {
      this.#claimedSinceLag?.add(queue);
      this.#hot.delete(queue);
      this.#nextDue.delete(queue);
    }
  }

  /** A wake-up came for these queues. */
  wake(queues: readonly string[]): void {
    for (const queue of queues) this.#hot.add(queue);
    this.#notify();
  }

  /** Messages may have been missed: every queue may have work. */
  wakeAll(): void {
    this.#claimedSinceLag = new Set();
    this.#notify();
  }

  /** The queue's next job comes due in so many milliseconds, as far as the last claim saw. */
  dueIn(queue: string, ms: number): void {
    const due = performance.now() + Math.max(0, ms);
    const earlier = due < (this.#nextDue.get(queue) ?? Number.POSITIVE_INFINITY);
    this.#nextDue.set(queue, due);
    if (earlier) this.#notify();
  }

  /** Whether the queue is one for which {@link wait} would end at once. */
  mayHaveWork(queue: string): boolean {
    return !this.isQuiet([queue]);
  }

  /** Whether none of the queues is one for which {@link wait} would end at once. */
  isQuiet(queues: readonly string[]): boolean {
    return !this.#ready(queues) && this.#earliest(queues) > performance.now();
  }

  /** Resolves when one of the queues may have work, after `timeout` milliseconds, or when the signal aborts. */
  async wait(queues: readonly string[], timeout: number, signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + timeout;
    while (!signal?.aborted && !this.#ready(queues)) {
      const until = Math.min(deadline, this.#earliest(queues));
      const left = until - performance.now();
      if (left <= 0) return;
      await this.#pause(left, signal);
    }
  }

  #ready(queues: readonly string[]): boolean {
    const claimed = this.#claimedSinceLag;
    if (claimed && queues.some((queue) => !claimed.has(queue))) return true;
    return this.#hot.size > 0 && queues.some((queue) => this.#hot.has(queue));
  }

  #earliest(queues: readonly string[]): number {
    let earliest = Number.POSITIVE_INFINITY;
    if (this.#nextDue.size > 0) {
      for (const queue of queues) earliest = Math.min(earliest, this.#nextDue.get(queue) ?? earliest);
    }
    return earliest;
  }

  #notify(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }

  #pause(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, Math.ceil(Math.min(ms, 0x7fffffff)));
      this.#waiters.add(done);
      signal?.addEventListener("abort", done, { once: true });
    });
  }
}
