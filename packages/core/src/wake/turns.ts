/** Whose turn it is: among many queues, the one that was served longest ago. */
export class Turns {
  readonly #served = new Map<string, number>();
  #count = 0;

  /** The queues, who waits longest first; those that were never served, in their order, before all others. */
  order(queues: readonly string[]): string[] {
    if (queues.length < 2) return [...queues];
    return [...queues].sort((a, b) => (this.#served.get(a) ?? 0) - (this.#served.get(b) ?? 0));
  }

  /** Jobs of this queue were handed out. */
  served(queue: string): void {
    this.#count += 1;
    this.#served.set(queue, this.#count);
  }
}
