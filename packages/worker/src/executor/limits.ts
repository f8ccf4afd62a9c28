import type { Execution } from "./execution.js";
import type { Roster } from "../roster.js";
import type { LoopClock } from "./loop-clock.js";

export interface LimitListener {
  /** The run's timeout is over. */
  expired(execution: Execution): void;
  /** The run still goes on long after its signal was aborted. */
  stuck(execution: Execution): void;
}

/** One timer for the limits of all runs: it fires at the earliest and looks at each. */
export class Limits {
  readonly #running: Roster<Execution>;
  readonly #clock: LoopClock;
  readonly #listener: LimitListener;
  #timer: NodeJS.Timeout | undefined;
  #next = Number.POSITIVE_INFINITY;

  constructor(running: Roster<Execution>, clock: LoopClock, listener: LimitListener) {
    this.#running = running;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** The run's next limit is new or nearer than it was. */
  watch(execution: Execution): void {
    const at = nextLimit(execution);
    if (at < this.#next) this.#schedule(at);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #schedule(at: number): void {
    clearTimeout(this.#timer);
    this.#next = at;
    if (at === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(Math.max(1, at - this.#clock.now()), 0x7fffffff);
    this.#timer = setTimeout(() => this.#look(), wait).unref();
  }

  #look(): void {
    const now = this.#clock.now();
    for (const execution of this.#running.all()) this.#check(execution, now);
    let next = Number.POSITIVE_INFINITY;
    for (const execution of this.#running.all()) next = Math.min(next, nextLimit(execution));
    this.#schedule(next);
  }

  #check(execution: Execution, now: number): void {
    if (now < nextLimit(execution)) return;
    if (execution.stop) this.#listener.stuck(execution);
    else this.#listener.expired(execution);
  }
}

function nextLimit(execution: Execution): number {
  if (execution.stuck || execution.ended) return Number.POSITIVE_INFINITY;
  return execution.stop ? execution.killAt : execution.deadline;
}
