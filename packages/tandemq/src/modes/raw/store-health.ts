import { BrokerUnavailableError } from "@tandemq/core";

/** A write that is not answered for so long, milliseconds, casts doubt on the store. */
const patience = 1_000;

/**
 * Whether the store takes writes, as far as those that were sent to it tell: the last one was taken, and none waits for
 * its answer for long. At first nothing is known, and that counts as no.
 */
export class StoreHealth {
  readonly #waiting = new Set<{ readonly since: number }>();
  #worked = false;

  get good(): boolean {
    if (!this.#worked) return false;
    for (const { since } of this.#waiting) return performance.now() - since < patience;
    return true;
  }

  /** Runs a write and takes note of what comes of it. */
  async watch<T>(write: () => Promise<T>): Promise<T> {
    const begun = { since: performance.now() };
    this.#waiting.add(begun);
    try {
      const answer = await write();
      this.#worked = true;
      return answer;
    } catch (error) {
      if (error instanceof BrokerUnavailableError) this.#worked = false;
      throw error;
    } finally {
      this.#waiting.delete(begun);
    }
  }
}
