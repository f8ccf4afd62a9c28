import { WakeBoard, type Wakeups } from "@tandemq/core";
import { nextDue } from "../claim/next-due.js";
import type { Connection } from "../connection/connection.js";
import type { PausedQueues } from "../look/paused-queues.js";

const shortestPoll = 25;
const longestPoll = 1_000;

export interface Wait {
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

/**
 * Waits for work: for a wake-up, or for the next known due time. Where nobody tells (a standalone server), it looks
 * by itself, at intervals that grow from 25 ms to 1 s while there is nothing.
 */
export class WorkWaiter {
  readonly board: WakeBoard = new WakeBoard();
  /** Claims are for some tasks only. */
  filtered = false;
  readonly #connection: Connection;
  readonly #paused: PausedQueues;
  readonly #wakeups: Wakeups;
  readonly #hears: () => Promise<boolean>;
  #silence: (() => void) | undefined;
  #poll = shortestPoll;

  /** @param hears whether the wake-ups tell of all work; otherwise it is polled for */
  constructor(connection: Connection, paused: PausedQueues, wakeups: Wakeups, hears: () => Promise<boolean>) {
    this.#connection = connection;
    this.#paused = paused;
    this.#wakeups = wakeups;
    this.#hears = hears;
  }

  /** Never rejects. */
  async wait(queues: readonly string[], { timeout, signal }: Wait): Promise<void> {
    this.#listen();
    const hears = await this.#hears().catch(() => true);
    void this.#lookAhead(queues).catch(() => {});
    if (hears) await this.board.wait(queues, timeout, signal);
    else await this.#pollFor(queues, timeout, signal);
  }

  async #pollFor(queues: readonly string[], timeout: number, signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + timeout;
    for (;;) {
      const begun = performance.now();
      const step = Math.min(this.#poll, deadline - begun);
      if (step <= 0 || signal?.aborted) return;
      await this.board.wait(queues, step, signal);
      // Earlier than asked for: somebody of this process woke it, or a job is due.
      if (performance.now() - begun < step - 1) return;
      this.#poll = Math.min(2 * this.#poll, longestPoll);
      await this.#lookAhead(queues).catch(() => {});
    }
  }

  /** A claim found work: polling begins anew at its shortest interval. */
  found(): void {
    this.#poll = shortestPoll;
  }

  close(): void {
    this.#silence?.();
    this.#silence = undefined;
    this.board.wakeAll();
  }

  async #lookAhead(queues: readonly string[]): Promise<void> {
    const next = await nextDue(this.#connection, await this.#paused.open(queues));
    // What is due and stays in line, because its task is not wanted here, hides what comes due behind it.
    if (next) this.board.dueIn(next.queue, this.filtered && next.ms === 0 ? longestPoll : next.ms);
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
