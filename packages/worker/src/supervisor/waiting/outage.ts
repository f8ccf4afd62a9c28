import type { Logger } from "pino";
import { backoff } from "./backing-off.js";

/** A store that fails: told once when it begins and once when it is over, with waiting times that grow meanwhile. */
export class Outage {
  readonly #what: string;
  readonly #logger: Logger;
  readonly #onError: (error: unknown) => void;
  #failures = 0;
  #since = 0;

  /**
   * @param what begins the log line
   * @param onError is called when an outage begins
   */
  constructor(what: string, logger: Logger, onError: (error: unknown) => void = () => {}) {
    this.#what = what;
    this.#logger = logger;
    this.#onError = onError;
  }

  get on(): boolean {
    return this.#failures > 0;
  }

  /** @returns milliseconds to wait before asking again */
  failed(error: unknown): number {
    if (this.#failures++ === 0) {
      this.#since = performance.now();
      this.#logger.error({ err: error }, `${this.#what} failed; it is tried again until it works`);
      this.#onError(error);
    }
    return backoff(this.#failures, 100, 5000);
  }

  worked(): void {
    if (this.#failures === 0) return;
    const seconds = Math.round((performance.now() - this.#since) / 100) / 10;
    this.#logger.info({ failures: this.#failures }, `${this.#what} works again after ${seconds} s`);
    this.#failures = 0;
  }
}
