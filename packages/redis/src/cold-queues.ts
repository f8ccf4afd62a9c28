/** Longest time that a queue is believed to be empty without a look, ms. */
const lookEvery = 5_000;

/** With so many queues every claim looks at each of them. */
const fewQueues = 16;

/** Remembers which queues were found empty, so that a claim on very many queues does not ask each of them. */
export class ColdQueues {
  readonly #until = new Map<string, number>();
  #turn = 0;

  /**
   * The queues to ask now, beginning with another one at each call.
   *
   * @param mayHaveWork is believed more than what was found: a wake-up may come before the answer of a claim that was
   * quicker, and a wait that ends at once for a queue that is not asked would have its caller turn without a rest
   */
  worthAsking(queues: readonly string[], mayHaveWork: (queue: string) => boolean): string[] {
    this.#turn = (this.#turn + 1) % Math.max(1, queues.length);
    const rotated = [...queues.slice(this.#turn), ...queues.slice(0, this.#turn)];
    if (queues.length <= fewQueues) return rotated;
    const now = performance.now();
    return rotated.filter((queue) => (this.#until.get(queue) ?? 0) <= now || mayHaveWork(queue));
  }

  /** The queue had nothing more; its next job comes due in `wait` milliseconds, if any. */
  emptied(queue: string, wait: number): void {
    this.#until.set(queue, performance.now() + (wait < 0 ? lookEvery : Math.min(wait, lookEvery)));
  }

  warm(queues: readonly string[]): void {
    for (const queue of queues) this.#until.delete(queue);
  }

  warmAll(): void {
    this.#until.clear();
  }
}
