import { Pace, WakeBoard, type Wakeups } from "@tandemq/core";
import { type NextDue, nextDue } from "../claim/next-due.js";
import type { Connection } from "../connection/connection.js";
import type { PausedQueues } from "../look/paused-queues.js";

/** Milliseconds between two looks where nobody tells of work. */
const poll = { least: 25, most: 1_000 };
/** The same where others tell of their own, but a program of somebody else's may have added some. */
const check = { least: 500, most: 5_000 };

export interface Wait {
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

/** Who tells of work: nobody, TandemQ's own programs, or the collection itself. */
export type Hearing = "nothing" | "ours" | "all";

/**
 * Waits for work: for a wake-up, or for the next known due time. Where not all work is told of it looks by itself, soon
 * after it has found something so, and more and more rarely while there is nothing.
 */
export class WorkWaiter {
  readonly board: WakeBoard = new WakeBoard();
  /** Claims are for some tasks only. */
  filtered = false;
  readonly #connection: Connection;
  readonly #paused: PausedQueues;
  readonly #wakeups: Wakeups;
  readonly #hears: () => Promise<Hearing>;
  readonly #poll: Pace = new Pace(poll.least, poll.most);
  readonly #check: Pace = new Pace(check.least, check.most);
  #silence: (() => void) | undefined;
  /** The queues in which the last claim has left nothing that is due. */
  #emptied: readonly string[] | undefined;
  #looked = false;

  constructor(connection: Connection, paused: PausedQueues, wakeups: Wakeups, hears: () => Promise<Hearing>) {
    this.#connection = connection;
    this.#paused = paused;
    this.#wakeups = wakeups;
    this.#hears = hears;
  }

  /** Never rejects. */
  async wait(queues: readonly string[], { timeout, signal }: Wait): Promise<void> {
    this.#listen();
    const hears = await this.#hears().catch(() => "all");
    if (!this.#looked) void this.#lookAhead(queues).catch(() => {});
    this.#looked = false;
    if (hears === "nothing") return this.#pollFor(queues, timeout, signal);
    await this.board.wait(queues, hears === "all" ? timeout : Math.min(timeout, this.#check.current), signal);
  }

  /** To be called when a claim begins. @returns whether nothing was told, nor is due, since one that left nothing */
  beginClaim(queues: readonly string[]): boolean {
    const quiet = queues === this.#emptied && this.board.isQuiet(queues);
    this.#emptied = undefined;
    this.#looked = false;
    this.board.beginClaim(queues);
    return quiet;
  }

  /** One look instead of a claim. @returns whether nothing is due after all */
  async isEmpty(queues: readonly string[]): Promise<boolean> {
    const next = await this.#next(queues);
    const isDue = next?.ms === 0;
    if (isDue && !this.filtered) this.#check.found();
    else this.#check.missed();
    if (next && !isDue) this.board.dueIn(next.queue, next.ms);
    this.#looked = !isDue;
    return this.#looked;
  }

  /** A claim has left nothing that is due. */
  emptied(queues: readonly string[]): void {
    this.#emptied = queues;
  }

  /** A claim found work: polling begins anew at its shortest interval. */
  found(): void {
    this.#poll.found();
  }

  close(): void {
    this.#silence?.();
    this.#silence = undefined;
    this.board.wakeAll();
  }

  async #pollFor(queues: readonly string[], timeout: number, signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + timeout;
    for (;;) {
      const begun = performance.now();
      const step = Math.min(this.#poll.current, deadline - begun);
      if (step <= 0 || signal?.aborted) return;
      await this.board.wait(queues, step, signal);
      // Earlier than asked for: somebody of this process woke it, or a job is due.
      if (performance.now() - begun < step - 1) return;
      this.#poll.missed();
      await this.#lookAhead(queues).catch(() => {});
    }
  }

  async #next(queues: readonly string[]): Promise<NextDue | undefined> {
    return nextDue(this.#connection, await this.#paused.openAsKnown(queues));
  }

  async #lookAhead(queues: readonly string[]): Promise<void> {
    const next = await this.#next(queues);
    // What is due and stays in line, because its task is not wanted here, hides what comes due behind it.
    if (next) this.board.dueIn(next.queue, this.filtered && next.ms === 0 ? poll.most : next.ms);
  }

  #listen(): void {
    this.#silence ??= this.#wakeups.listen({
      onWork: (queues) => {
        this.#paused.doubt(queues);
        this.board.wake(queues);
      },
      onLagged: () => this.board.wakeAll(),
    });
  }
}
