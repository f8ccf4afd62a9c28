import { isGiveBack, type Settlement } from "../model/claim.js";

/** When a queue was served last, and the time before. */
interface Service {
  last: number;
  before: number;
}

/** So many queues are remembered by default. */
const mostQueues = 50_000;

/**
 * Whose turn it is: among many queues, the one that was served longest ago. Of more queues than are remembered, those that
 * were served longest ago count as never served: first they are in any case.
 */
export class Turns {
  readonly #services = new Map<string, Service>();
  readonly #most: number;
  #count = 0;

  constructor(most: number = mostQueues) {
    this.#most = most;
  }

  /** The queues, who waits longest first; those that were never served, in their order, before all others. */
  order(queues: readonly string[]): string[] {
    if (queues.length < 2) return [...queues];
    return [...queues].sort((a, b) => this.#last(a) - this.#last(b));
  }

  /** Jobs of this queue were handed out. */
  served(queue: string): void {
    this.#count += 1;
    const service = this.#services.get(queue);
    if (!service) return this.#remember(queue);
    service.before = service.last;
    service.last = this.#count;
  }

  /**
   * Jobs that were handed out come back. Where one has not begun, its queue has the turn still that it had before: else
   * the jobs that are claimed behind a slow one could lose theirs again and again.
   */
  cameBack(settlements: readonly Settlement[]): void {
    for (const { queue, outcome } of settlements) {
      const service = isGiveBack(outcome) && outcome.limited && !outcome.delay && this.#services.get(queue);
      if (service) service.last = service.before;
    }
  }

  #remember(queue: string): void {
    if (this.#services.size >= this.#most) this.#forgetHalf();
    this.#services.set(queue, { last: this.#count, before: 0 });
  }

  #forgetHalf(): void {
    const turns = [...this.#services.values()].map(({ last }) => last).sort((a, b) => a - b);
    const middle = turns[turns.length >> 1] ?? 0;
    for (const [queue, { last }] of this.#services) if (last < middle) this.#services.delete(queue);
  }

  #last(queue: string): number {
    return this.#services.get(queue)?.last ?? 0;
  }
}
