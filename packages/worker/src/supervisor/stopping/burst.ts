import { hasLimitedWork, type Source } from "@tandemq/core";

export interface BurstOptions {
  readonly sources: () => readonly Source[];
  /** Waits for what other workers run, too: it may leave more to do. */
  readonly untilIdle: boolean;
  /** Nothing is held here, and nobody has begun to end the worker. */
  readonly isIdle: () => boolean;
  /** Ends the worker. */
  readonly end: () => void;
}

/** Ends a worker when nothing is due, nor held back by a limit: every source looked since the last job was settled. */
export class Burst {
  readonly #empty = new Map<Source, number>();
  readonly #options: BurstOptions;
  #lastSettled = 0;
  /** What the queues held when nothing ran, and since when it is known. */
  #still: { readonly counts: string; readonly since: number } | undefined;

  constructor(options: BurstOptions) {
    this.#options = options;
  }

  /** @param began when the claim that found nothing began */
  sawEmpty(source: Source, began: number): void {
    this.#empty.set(source, began);
    if (this.#over && this.#options.isIdle()) void this.#end();
  }

  settled(): void {
    this.#lastSettled = performance.now();
  }

  get #over(): boolean {
    return this.#options.sources().every((source) => (this.#empty.get(source) ?? -1) >= this.#lastSettled);
  }

  /** Nothing is due here; whether anything runs elsewhere, and may leave more, the stores know. */
  async #end(): Promise<void> {
    const { untilIdle, isIdle, end } = this.#options;
    if (untilIdle && !(await this.#isStill())) return;
    if (!(await this.#isLimited()) && isIdle()) end();
  }

  /** Such jobs come due, and then every source is looked at again. A store that does not answer may have some. */
  async #isLimited(): Promise<boolean> {
    const asked = this.#options.sources().map(({ broker, queues }) => hasLimitedWork(broker, queues()));
    return (await Promise.all(asked).catch(() => [true])).includes(true);
  }

  /**
   * Nothing runs, and nothing has changed since before each source looked last: what had ended elsewhere in between could
   * have left more to do behind that look.
   */
  async #isStill(): Promise<boolean> {
    const before = this.#still;
    const counts = await this.#countsAtRest();
    if (counts === undefined) this.#still = undefined;
    else if (before?.counts !== counts) this.#still = { counts, since: performance.now() };
    else return this.#options.sources().every((source) => (this.#empty.get(source) ?? -1) >= before.since);
    return false;
  }

  /** What the queues hold; `undefined` while something runs. A store that does not answer may have something that runs. */
  async #countsAtRest(): Promise<string | undefined> {
    const asked = this.#options.sources().map(({ broker, queues }) => broker.counts(queues()));
    const counts = await Promise.all(asked).catch(() => undefined);
    if (!counts || counts.some((queues) => [...queues.values()].some(({ started }) => started > 0))) return undefined;
    return JSON.stringify(counts.map((queues) => [...queues]));
  }
}
