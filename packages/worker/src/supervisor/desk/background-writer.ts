import { pause } from "../waiting/pause.js";
import type { Outage } from "../waiting/outage.js";

export interface BackgroundWriterOptions {
  /** Milliseconds between the first thing that waits and its writing. */
  readonly every: number;
  readonly outage: Outage;
  /** Whether something waits. */
  readonly waiting: () => boolean;
  /** Writes what waits; what it could not write waits again when it rejects. */
  readonly write: () => Promise<void>;
}

/** Writes what gathers, one write at a time, for things that nobody waits for. It has no timer while nothing waits. */
export class BackgroundWriter {
  readonly #options: BackgroundWriterOptions;
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: BackgroundWriterOptions) {
    this.#options = options;
  }

  /** Something waits. */
  poke(): void {
    if (this.#running || this.#stopped.signal.aborted) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Writes what waits, once, and nothing after it. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
    if (this.#options.waiting()) await this.#write();
  }

  async #run(): Promise<void> {
    const { every, waiting } = this.#options;
    let wait = every;
    while (waiting() && !this.#stopped.signal.aborted) {
      await pause(wait, this.#stopped.signal);
      if (!this.#stopped.signal.aborted) wait = Math.max(every, await this.#write());
    }
  }

  async #write(): Promise<number> {
    const { outage, write } = this.#options;
    try {
      await write();
      outage.worked();
      return 0;
    } catch (error) {
      return outage.failed(error);
    }
  }
}
