import { type Claim, type Outcome, endsJob } from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import { Rate } from "./rate.js";
import type { QueueReport } from "./report.js";
import { Window } from "./window.js";

interface QueueFigures {
  readonly queue: string;
  done: number;
  failed: number;
  readonly rate: Rate;
  readonly wait: Window;
  readonly run: Window;
}

/** Counts and times of what this worker did. */
export class Statistics {
  readonly #queues = new Map<string, QueueFigures>();
  #last: QueueFigures | undefined;
  done = 0;
  failed = 0;
  retried = 0;
  givenBack = 0;
  lost = 0;

  claimed(claims: readonly Claim[]): void {
    for (const { deliveries, queue, claimedAt, queuedAt } of claims) {
      if (deliveries === 1) this.#of(queue).wait.add(Math.max(0, claimedAt - queuedAt));
    }
  }

  /** @param now `performance.now()` */
  ended({ claim, since }: Delivery, outcome: Outcome, now: number): void {
    if (outcome.status === "interrupt") this.givenBack++;
    else this.#of(claim.queue).run.add(now - since);
  }

  settled({ claim }: Delivery, outcome: Outcome): void {
    if (outcome.status === "retry") this.retried++;
    if (!endsJob(outcome)) return;
    const kind = outcome.status === "success" ? "done" : "failed";
    this[kind]++;
    this.#of(claim.queue)[kind]++;
  }

  queues(): Record<string, QueueReport> {
    return Object.fromEntries([...this.#queues].map(([name, figures]) => [name, report(figures)]));
  }

  /** Most jobs are of the queue of the one before them. */
  #of(queue: string): QueueFigures {
    if (!this.#last || this.#last.queue !== queue) this.#last = this.#figuresOf(queue);
    return this.#last;
  }

  #figuresOf(queue: string): QueueFigures {
    const known = this.#queues.get(queue);
    if (known) return known;
    const rate = new Rate(performance.now());
    const figures = { queue, done: 0, failed: 0, rate, wait: new Window(), run: new Window() };
    this.#queues.set(queue, figures);
    return figures;
  }
}

function report({ done, failed, rate, wait, run }: QueueFigures): QueueReport {
  return {
    done,
    failed,
    rate: rate.at(done + failed, performance.now()),
    wait: percentiles(wait),
    run: percentiles(run),
  };
}

function percentiles(window: Window): QueueReport["wait"] {
  const [p50 = null, p95 = null] = window.percentiles(0.5, 0.95);
  return { p50, p95 };
}
