import type { Db } from "mongodb";

const freshFor = 10_000;
const usableFor = 60_000;
const samples = 3;
const steadyWithin = 1_000;

/**
 * The server's time, without asking it each time: its offset to this process' monotonic clock is measured, and again
 * when it is older than ten seconds. Never ahead of the server, behind by at most one answer's way; does not go back
 * by less than a second, so that one producer's jobs keep their order.
 */
export class ServerClock {
  readonly #db: Db;
  #offset = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;
  #measuring: Promise<void> | undefined;
  #last = 0;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Milliseconds since the epoch. */
  async now(): Promise<number> {
    const age = performance.now() - this.#measuredAt;
    if (age > usableFor) await this.#measure();
    else if (age > freshFor) void this.#measure().catch(() => {});
    return this.#steady(Math.floor(performance.now() + this.#offset));
  }

  /** The server's own answer, a round trip away: no time that it gave before is later. */
  async exact(): Promise<number> {
    const { localTime } = await this.#db.command({ hello: 1 });
    return (localTime as Date).getTime();
  }

  #measure(): Promise<void> {
    this.#measuring ??= this.#ask().finally(() => {
      this.#measuring = undefined;
    });
    return this.#measuring;
  }

  async #ask(): Promise<void> {
    let offset = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < samples; i++) {
      const { localTime } = await this.#db.command({ hello: 1 });
      offset = Math.max(offset, (localTime as Date).getTime() - performance.now());
    }
    this.#offset = offset;
    this.#measuredAt = performance.now();
  }

  #steady(now: number): number {
    const back = this.#last - now;
    if (back <= 0 || back > steadyWithin) this.#last = now;
    return this.#last;
  }
}
