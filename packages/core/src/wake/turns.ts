import { isGiveBack, type Settlement } from "../model/claim.js";

/** When a queue was served last, and the time before. */
interface Service {
  last: number;
  before: number;
}

/** Whose turn it is: among many queues, the one that was served longest ago. */
export class Turns {
  readonly #services = new Map<string, Service>();
  #count = 0;

  /** The queues, who waits longest first; those that were never served, in their order, before all others. */
  order(queues: readonly string[]): string[] {
    if (queues.length < 2) return [...queues];
    return [...queues].sort((a, b) => this.#last(a) - this.#last(b));
  }

  /** Jobs of this queue were handed out. */
  served(queue: string): void {
    this.#count += 1;
    const service = this.#services.get(queue);
    if (!service) return void this.#services.set(queue, { last: this.#count, before: 0 });
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

  #last(queue: string): number {
    return this.#services.get(queue)?.last ?? 0;
  }
}
