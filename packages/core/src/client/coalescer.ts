interface Waiting<I, A> {
  readonly item: I;
  readonly bytes: number;
  readonly resolve: (answer: A) => void;
  readonly reject: (reason: unknown) => void;
}

export interface CoalescerLimits {
  /** Most items in one call. */
  readonly items: number;
  /** Most bytes in one call, by the sizes given to `add`; a single larger item goes alone. */
  readonly bytes: number;
  /** Calls under way at once; more items wait and go together. */
  readonly inFlight: number;
}

/**
 * Turns many calls with one item each into few calls with many: a lone item goes at once, items that come while calls
 * are under way gather into the next one. Order is kept within a call and between the starts of calls.
 */
export class Coalescer<I, A> {
  readonly #send: (items: readonly I[]) => Promise<readonly A[]>;
  readonly #limits: CoalescerLimits;
  #waiting: Waiting<I, A>[] = [];
  #inFlight = new Set<Promise<void>>();
  #scheduled = false;

  constructor(send: (items: readonly I[]) => Promise<readonly A[]>, limits: CoalescerLimits) {
    this.#send = send;
    this.#limits = limits;
  }

  add(item: I, bytes: number): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, bytes, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when everything added so far has its answer. */
  async drained(): Promise<void> {
    while (this.#waiting.length > 0 || this.#inFlight.size > 0) {
      if (this.#waiting.length > 0 && !this.#scheduled) this.#flush();
      await Promise.race(this.#inFlight.size > 0 ? this.#inFlight : [Promise.resolve()]);
    }
  }

  /** One turn of the microtask queue later, so that callers of the same turn share a call. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight.size >= this.#limits.inFlight) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#inFlight.size < this.#limits.inFlight) {
      const call = this.#run(this.#takeBatch());
      this.#inFlight.add(call);
      void call.then(() => {
        this.#inFlight.delete(call);
        this.#flush();
      });
    }
  }

  #takeBatch(): Waiting<I, A>[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: more } of this.#waiting) {
      if (count > 0 && (count >= this.#limits.items || bytes + more > this.#limits.bytes)) break;
      bytes += more;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #run(batch: readonly Waiting<I, A>[]): Promise<void> {
    try {
      const answers = await this.#send(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, i) => {
        const answer = answers[i];
        if (answer === undefined) reject(new Error(`no answer for item ${i} of ${batch.length}`));
        else resolve(answer);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
