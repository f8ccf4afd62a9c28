import { Turns } from "@tandemq/core";

/** Shortest and longest time that a queue is believed to be empty without a look, and what each queue adds to it, ms. */
const look = { least: 5_000, most: 60_000, perQueue: 5 };

/** With so many queues every claim looks at each of them. */
const fewQueues = 16;

/**
 * Remembers which queues were found empty, so that a claim on very many queues asks those alone that may have work: an
 * idle queue costs an idle worker one look in a while, however many there are.
 */
export class ColdQueues {
  readonly turns: Turns = new Turns();
  readonly #until = new Map<string, number>();
  #list: readonly string[] = [];
  #known: ReadonlySet<string> = new Set();
  #warm = new Set<string>();
  #nextLook = Number.POSITIVE_INFINITY;

  /**
   * The queues to ask now, those first that were served longest ago.
   *
   * @param mayHaveWork is believed more than what was found: a wake-up may come before the answer of a claim that was
   * quicker, and a wait that ends at once for a queue that is not asked would have its caller turn without a rest
   */
  worthAsking(queues: readonly string[], mayHaveWork: (queue: string) => boolean, inOrder: boolean = false): string[] {
    if (queues.length === 1 || inOrder) return [...queues];
    const now = performance.now();
    if (queues.length <= fewQueues) return this.#coldLast(queues, now, mayHaveWork);
    if (queues !== this.#list) this.#learn(queues);
    if (now >= this.#nextLook) this.#lookAgain(now);
    return this.turns.order([...this.#warm]);
  }

  /**
   * The queue had nothing more; its next job comes due in `wait` milliseconds, if any.
   *
   * @param stays a wake-up came meanwhile
   */
  emptied(queue: string, wait: number, stays: boolean = false): void {
    if (stays) return;
    const longest = Math.min(look.most, Math.max(look.least, look.perQueue * this.#list.length));
    const until = performance.now() + (wait < 0 ? longest : Math.min(wait, longest));
    this.#until.set(queue, until);
    this.#warm.delete(queue);
    this.#nextLook = Math.min(this.#nextLook, until);
  }

  warm(queues: readonly string[]): void {
    for (const queue of queues) this.#warmOne(queue);
  }

  warmAll(): void {
    this.#until.clear();
    this.#warm = new Set(this.#list);
  }

  #coldLast(queues: readonly string[], now: number, mayHaveWork: (queue: string) => boolean): string[] {
    const isWarm = (queue: string) => (this.#until.get(queue) ?? 0) <= now || mayHaveWork(queue);
    const warm = queues.filter(isWarm);
    return [...this.turns.order(warm), ...queues.filter((queue) => !isWarm(queue))];
  }

  #learn(queues: readonly string[]): void {
    this.#list = queues;
    this.#known = new Set(queues);
    this.#warm = new Set(queues.filter((queue) => !this.#until.has(queue)));
  }

  #lookAgain(now: number): void {
    this.#nextLook = Number.POSITIVE_INFINITY;
    for (const [queue, until] of this.#until) {
      if (until <= now) this.#warmOne(queue);
      else this.#nextLook = Math.min(this.#nextLook, until);
    }
  }

  #warmOne(queue: string): void {
    this.#until.delete(queue);
    if (this.#known.has(queue)) this.#warm.add(queue);
  }
}
