import { count } from "@tandemq/core";
import { perSecond } from "./numbers.js";
import { isTerminal } from "./style.js";

/** Redrawn at most so often, ms. */
const every = 100;
const width = 24;

/** A bar on standard error, on a terminal only. `end` must be called, also after a failure. */
export class Progress {
  readonly #what: string;
  readonly #total: number | undefined;
  readonly #shown: boolean = isTerminal(process.stderr);
  readonly #start: number = performance.now();
  #drawn = 0;

  /**
   * @param what what is counted, such as `lines`
   * @param total `undefined` where nobody knows
   */
  constructor(what: string, total?: number) {
    this.#what = what;
    this.#total = total;
  }

  at(done: number): void {
    const now = performance.now();
    if (!this.#shown || now - this.#drawn < every) return;
    this.#drawn = now;
    const rate = perSecond(done / Math.max(0.001, (now - this.#start) / 1000));
    process.stderr.write(`\r\x1b[K${this.#bar(done)}${count(done)}${this.#of()} ${this.#what} ${rate}`);
  }

  end(): void {
    if (this.#drawn > 0) process.stderr.write("\r\x1b[K");
    this.#drawn = 0;
  }

  #bar(done: number): string {
    if (!this.#total) return "";
    const full = Math.min(width, Math.floor((done / this.#total) * width));
    return `${"█".repeat(full)}${"░".repeat(width - full)} `;
  }

  #of(): string {
    return this.#total === undefined ? "" : ` of ${count(this.#total)}`;
  }
}
