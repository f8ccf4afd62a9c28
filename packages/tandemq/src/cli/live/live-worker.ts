import type { Worker } from "@tandemq/worker";
import type { DestinationStream } from "pino";
import { Footer } from "./footer.js";
import { prettyLine } from "./pretty-line.js";
import { workerLines } from "./worker-lines.js";

/** Redrawn so often, ms. */
const every = 500;
/** The rate is that of the last so many redraws. */
const span = 10;

/** What a worker shows on a terminal: its log, and below it slots, rate and failures, redrawn. */
export class LiveWorker {
  readonly #footer: Footer = new Footer(process.stdout);
  readonly #ended: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Where the worker's log goes. */
  get log(): DestinationStream {
    return { write: (text) => this.#footer.print(prettyLine(text.trimEnd())) };
  }

  follow(worker: Worker): void {
    this.#timer = setInterval(() => this.#draw(worker), every).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#footer.end();
  }

  #draw(worker: Worker): void {
    const report = worker.report();
    if (!report) return;
    const rate = this.#rate(report.done + report.failed);
    this.#footer.set(
      workerLines({ report, state: worker.state, slots: worker.slots, rate }, process.stdout.columns || 80),
    );
  }

  #rate(ended: number): number {
    this.#ended.push(ended);
    if (this.#ended.length > span + 1) this.#ended.shift();
    const seconds = ((this.#ended.length - 1) * every) / 1000;
    return seconds === 0 ? 0 : (ended - (this.#ended[0] ?? ended)) / seconds;
  }
}
