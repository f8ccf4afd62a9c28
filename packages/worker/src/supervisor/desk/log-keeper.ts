import { type JobId, type JobLogs, type LogChunk, type Outcome, endsJob, isSuccess, jobLogLimits } from "@tandemq/core";
import type { Logger } from "pino";
import type { Delivery } from "../../delivery.js";
import type { LogLine } from "../../executor/assignment.js";
import { BackgroundWriter } from "./background-writer.js";
import { withDeadline } from "../waiting/deadline.js";
import { LogTail } from "./log-tail.js";
import { Outage } from "../waiting/outage.js";

/** Milliseconds between a line and its writing. */
const every = 300;
/** A store that does not answer in this time has failed, milliseconds. */
const patience = 5_000;
/** Chunks that may wait for the store, and that are sent in one call; a chunk has at most 64 kB. */
const most = { waiting: 500, sent: 100 };

/**
 * Writes the log lines of jobs to where they are kept, about a second late. Nothing waits for it: lines that a slow store
 * does not take are dropped and counted. Lines of no-storage jobs wait here for the outcome, and are kept if it is a
 * failure.
 */
export class LogKeeper {
  readonly #logs: JobLogs | undefined;
  readonly #logger: Logger;
  readonly #writer: BackgroundWriter;
  readonly #tails = new Map<Delivery, LogTail>();
  readonly #toTrim = new Set<JobId>();
  #outgoing: LogChunk[] = [];
  #dropped = 0;

  constructor(logs: JobLogs | undefined, logger: Logger, onError: (error: unknown) => void) {
    this.#logs = logs;
    this.#logger = logger;
    this.#writer = new BackgroundWriter({
      every,
      outage: new Outage("keeping the logs of jobs", logger, onError),
      waiting: () => this.#waiting(),
      write: () => this.#write(),
    });
  }

  add(delivery: Delivery, { at, level, message, data }: LogLine): void {
    if (!this.#logs) return;
    const { attempt } = delivery.claim;
    const line = { at: new Date(at), level, message, attempt, ...(data === undefined ? {} : { data }) };
    this.#tailOf(delivery).add(line);
    if (!waitsForOutcome(delivery)) this.#writer.poke();
  }

  ended(delivery: Delivery, outcome: Outcome | undefined): void {
    const tail = this.#tails.get(delivery);
    if (!tail) return;
    this.#tails.delete(delivery);
    const failed = outcome !== undefined && endsJob(outcome) && !isSuccess(outcome);
    if (waitsForOutcome(delivery) && !failed) return;
    this.#take(delivery.claim.id, tail);
    this.#writer.poke();
  }

  /** Writes what waits, as far as the store answers. */
  stop(): Promise<void> {
    return this.#writer.stop();
  }

  #tailOf(delivery: Delivery): LogTail {
    const tail = this.#tails.get(delivery) ?? new LogTail(delivery.claim);
    this.#tails.set(delivery, tail);
    return tail;
  }

  #waiting(): boolean {
    if (this.#outgoing.length > 0) return true;
    for (const [delivery, tail] of this.#tails) if (tail.waiting && !waitsForOutcome(delivery)) return true;
    return false;
  }

  #take(id: JobId, tail: LogTail): void {
    this.#outgoing.push(...tail.take());
    if (tail.mayExceed) this.#toTrim.add(id);
    for (const { lines } of this.#outgoing.splice(0, this.#outgoing.length - most.waiting)) {
      this.#dropped += lines.length;
    }
  }

  async #write(): Promise<void> {
    for (const [delivery, tail] of this.#tails) if (!waitsForOutcome(delivery)) this.#take(delivery.claim.id, tail);
    while (this.#outgoing.length > 0) await this.#append(this.#outgoing.slice(0, most.sent));
    await this.#trim();
    if (this.#dropped === 0) return;
    this.#logger.warn({ lines: this.#dropped }, "log lines of jobs were dropped: their store was slow or away");
    this.#dropped = 0;
  }

  async #append(chunks: readonly LogChunk[]): Promise<void> {
    if (this.#logs) await withDeadline(this.#logs.append(chunks), patience, "append");
    const sent = new Set(chunks);
    this.#outgoing = this.#outgoing.filter((chunk) => !sent.has(chunk));
  }

  async #trim(): Promise<void> {
    const jobs = [...this.#toTrim];
    if (jobs.length === 0 || !this.#logs) return;
    await withDeadline(this.#logs.trim(jobs, jobLogLimits), patience, "trim");
    for (const job of jobs) this.#toTrim.delete(job);
  }
}

function waitsForOutcome({ source }: Delivery): boolean {
  return source.name === "no-storage";
}
