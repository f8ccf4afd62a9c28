import type { Source } from "@tandemq/core";

export interface BurstOptions {
  readonly sources: () => readonly Source[];
  /** Waits for what other workers run, too: it may leave more to do. */
  readonly untilIdle: boolean;
  /** Nothing is held here, and nobody has begun to end the worker. */
  readonly isIdle: () => boolean;
  /** Ends the worker. */
  readonly end: () => void;
}

/** Ends a worker when nothing is due: every source looked since the last job was settled. */
export class Burst {
  readonly #empty = new Map<Source, number>();
  readonly #options: BurstOptions;
  #lastSettled = 0;

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
    if (untilIdle && (await this.#runsAny())) return;
    if (isIdle()) end();
  }

  /** A store that does not answer may have something that runs. */
  async #runsAny(): Promise<boolean> {
    const asked = this.#options.sources().map(({ broker, queues }) => broker.counts(queues()));
    const counts = await Promise.all(asked).catch(() => undefined);
    return !counts || counts.some((queues) => [...queues.values()].some(({ started }) => started > 0));
  }
}
