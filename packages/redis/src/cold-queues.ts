import { Turns } from "@tandemq/core";

/** Shortest and longest time between two looks at all queues, and what each queue beyond those of one call adds, ms. */
const look = { least: 5_000, most: 60_000, perQueue: 1, perQueueApart: 50 };

/** So many queues are looked at in one call. */
export const queuesPerLook = 1_000;

/** With so many queues a claim looks at each of them, unless none may have work. */
const fewQueues = 16;

/** What a look has found: milliseconds until the queues that are not empty have work, and whether each was asked alone. */
export interface Finding {
  readonly waits: ReadonlyMap<string, number>;
  readonly apart: boolean;
}

/**
 * Remembers which of many queues may have work, so that a claim asks those alone. What was added to the others is told by
 * wake-ups, and found by one look at all of them in a while: idle queues cost an idle worker next to nothing, however many
 * there are.
 */
export class ColdQueues {
  readonly turns: Turns = new Turns();
  #list: readonly string[] = [];
  #known: ReadonlySet<string> = new Set();
  readonly #warm = new Set<string>();
  /** When the next job of cold queues comes due, where one is known, and the first of these times. */
  readonly #due = new Map<string, number>();
  #firstDue = Number.POSITIVE_INFINITY;
  #nextLook = Number.NEGATIVE_INFINITY;
  #doubts = 0;

  /** Whether to look at all of these queues before a claim asks some of them. */
  isLookDue(queues: readonly string[]): boolean {
    if (queues.length < 2) return false;
    if (queues !== this.#list) this.#learn(queues);
    this.#warmDue(performance.now());
    return queues.length <= fewQueues ? this.#warm.size === 0 : performance.now() >= this.#nextLook;
  }

  /** How often all queues were doubted: told with what a look has found, so that a doubt that came meanwhile holds. */
  get doubts(): number {
    return this.#doubts;
  }

  /** @param doubts as they were before the look */
  looked({ waits, apart }: Finding, doubts: number): void {
    for (const [queue, wait] of waits) {
      if (wait === 0) this.#warmOne(queue);
      else if (!this.#warm.has(queue)) this.#cool(queue, wait);
    }
    if (doubts !== this.#doubts) return;
    const beyond = this.#list.length - (apart ? 1 : queuesPerLook);
    const wait = look.least + Math.max(0, beyond) * (apart ? look.perQueueApart : look.perQueue);
    this.#nextLook = performance.now() + Math.min(look.most, wait);
  }

  /** The queues to ask now: those first that were served longest ago, or in their order. */
  worthAsking(queues: readonly string[], inOrder: boolean = false): string[] {
    if (queues.length < 2) return [...queues];
    if (this.#warm.size === 0) return [];
    if (inOrder) return queues.length <= fewQueues ? [...queues] : queues.filter((queue) => this.#warm.has(queue));
    const warm = this.turns.order([...this.#warm]);
    return queues.length <= fewQueues ? [...warm, ...queues.filter((queue) => !this.#warm.has(queue))] : warm;
  }

  /**
   * The queue had nothing more; its next job comes due in `wait` milliseconds, if any.
   *
   * @param stays a wake-up came meanwhile
   */
  emptied(queue: string, wait: number, stays: boolean = false): void {
    if (!stays) this.#cool(queue, wait);
  }

  warm(queues: readonly string[]): void {
    for (const queue of queues) this.#warmOne(queue);
  }

  /** Wake-ups may have been missed: the next claim looks at all queues. */
  doubt(): void {
    this.#doubts++;
    this.#nextLook = Number.NEGATIVE_INFINITY;
  }

  #learn(queues: readonly string[]): void {
    const before = this.#known;
    this.#list = queues;
    this.#known = new Set(queues);
    for (const queue of this.#warm) if (!this.#known.has(queue)) this.#warm.delete(queue);
    if (queues.some((queue) => !before.has(queue))) this.doubt();
  }

  #cool(queue: string, wait: number): void {
    this.#warm.delete(queue);
    if (wait < 0) return void this.#due.delete(queue);
    const due = performance.now() + wait;
    this.#due.set(queue, due);
    this.#firstDue = Math.min(this.#firstDue, due);
  }

  #warmDue(now: number): void {
    if (now < this.#firstDue) return;
    this.#firstDue = Number.POSITIVE_INFINITY;
    for (const [queue, due] of this.#due) {
      if (due <= now) this.#warmOne(queue);
      else this.#firstDue = Math.min(this.#firstDue, due);
    }
  }

  #warmOne(queue: string): void {
    this.#due.delete(queue);
    if (this.#known.has(queue)) this.#warm.add(queue);
  }
}
