import { isPaused } from "./paused-trees.js";

/** A pause must be obeyed within a second, the claim included. */
const freshFor = 500;

/** Which names are paused in a store; what others changed is known half a second later at most, own changes at once. */
export abstract class KnownPauses {
  #known: ReadonlySet<string> = new Set();
  #readAt = Number.NEGATIVE_INFINITY;
  #changes = 0;

  /** The names that are paused now. */
  protected abstract read(): Promise<Iterable<string>>;

  /** Those of the queues that are not paused. */
  async open(queues: readonly string[]): Promise<readonly string[]> {
    if (performance.now() - this.#readAt > freshFor) await this.#refresh();
    return this.#known.size === 0 ? queues : queues.filter((queue) => !isPaused(this.#known, queue));
  }

  /** As {@link open}, by what was read last where that was that none is paused: whoever claims asks again. */
  async openAsKnown(queues: readonly string[]): Promise<readonly string[]> {
    return this.#known.size === 0 ? queues : this.open(queues);
  }

  /** Work is told of these queues: perhaps they were resumed. */
  doubt(queues: readonly string[]): void {
    if (this.#known.size === 0 || !queues.some((queue) => isPaused(this.#known, queue))) return;
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** This program has paused or resumed something. */
  protected changed(): void {
    this.#changes += 1;
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  async #refresh(): Promise<void> {
    const askedAt = performance.now();
    const changes = this.#changes;
    this.#known = new Set(await this.read());
    // A change of our own since: the answer may be older than it.
    if (changes === this.#changes) this.#readAt = askedAt;
  }
}
