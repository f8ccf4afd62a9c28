import { randomBytes } from "node:crypto";
import { InvalidOptionError } from "@tandemq/core";

interface Range {
  readonly first: number;
  readonly size: number;
}

/** The sessions of all workers that claim through one set of connections. */
export class ClaimSessions {
  readonly #nonce = randomBytes(4).toString("hex");
  readonly #sessions = new Map<string, ClaimSession>();

  /** @throws InvalidOptionError when the worker's name has white space: it is part of tokens */
  of(worker: string): ClaimSession {
    const known = this.#sessions.get(worker);
    if (known) return known;
    if (!/^\S+$/.test(worker))
      throw new InvalidOptionError(`worker: expected a name without white space, got "${worker}"`);
    const session = new ClaimSession(`${worker}~${this.#nonce}`);
    this.#sessions.set(worker, session);
    return session;
  }
}

/**
 * Numbers the deliveries of one worker, and repeats claims whose answer was lost: the same first number makes the
 * claim script hand out the same jobs. One claim at a time per queue, so that the script need remember only the last.
 */
export class ClaimSession {
  /** First part of the tokens: unique per worker and set of connections. */
  readonly id: string;
  readonly #unanswered = new Map<string, Range>();
  readonly #turns = new Map<string, Promise<unknown>>();
  #next = 1;

  constructor(id: string) {
    this.id = id;
  }

  /** Runs one claim on the queue with its range of token numbers; a failed one is repeated by the next. */
  async claim<T>(queue: string, max: number, work: (range: Range) => Promise<{ taken: number; value: T }>): Promise<T> {
    const before = this.#turns.get(queue);
    const run = () => this.#run(queue, max, work);
    const turn = before ? before.then(run, run) : run();
    this.#turns.set(queue, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(queue) === turn) this.#turns.delete(queue);
    }
  }

  /** One number that no claim will get. */
  number(): number {
    return this.#reserve(1).first;
  }

  async #run<T>(queue: string, max: number, work: (range: Range) => Promise<{ taken: number; value: T }>): Promise<T> {
    const range = this.#unanswered.get(queue) ?? this.#reserve(max);
    this.#unanswered.set(queue, range);
    const { taken, value } = await work({ first: range.first, size: Math.min(max, range.size) });
    this.#unanswered.delete(queue);
    if (this.#next === range.first + range.size) this.#next = range.first + taken;
    return value;
  }

  #reserve(size: number): Range {
    const first = this.#next;
    this.#next += size;
    return { first, size };
  }
}
