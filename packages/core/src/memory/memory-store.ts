import { plainShape, type ShapeOf } from "../model/queue-shape.js";
import type { Job, JobId, JobRef, UniqueKey } from "../model/job.js";
import { Departures } from "./departures.js";
import type { Entry } from "./entry.js";
import { MemoryWakeups } from "./memory-wakeups.js";

export interface MemoryStoreOptions {
  /** The store's clock, milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** `failures`: successes vanish once they are settled, and only their number is kept. Default: `all`. */
  readonly keeps?: "all" | "failures";
  /** How each queue is ordered. Default: first in, first out. */
  readonly shapeOf?: ShapeOf;
}

const hour = 3_600_000;

/** What brokers on one store have in common: the stand-in for a database. */
export class MemoryStore {
  readonly pausedQueues: Set<string> = new Set();
  readonly wakeups: MemoryWakeups = new MemoryWakeups();
  readonly departures: Departures = new Departures();
  readonly now: () => number;
  readonly shapeOf: ShapeOf;
  readonly #runs = new Set<string>();
  readonly #keepsAll: boolean;
  readonly #entries = new Map<JobId, Entry>();
  readonly #queues = new Map<string, Set<Entry>>();
  readonly #keys = new Map<string, JobId>();
  /** Keys that are taken for a time, by jobs whose lives took them no longer. */
  readonly #lasting = new Map<string, { id: JobId; until: number }>();
  readonly #vanished = new Map<string, Set<string>>();
  readonly #addedOnce = new Map<string, number>();
  #number = 0;

  constructor(options: MemoryStoreOptions = {}) {
    this.now = options.now ?? Date.now;
    this.shapeOf = options.shapeOf ?? (() => plainShape);
    this.#keepsAll = options.keeps !== "failures";
  }

  /** A number that was never given before. */
  next(): number {
    this.#number += 1;
    return this.#number;
  }

  /** Everything there is, of all queues or of one. */
  entries(queue?: string): readonly Entry[] {
    return [...(queue === undefined ? this.#entries.values() : (this.#queues.get(queue) ?? []))];
  }

  has(id: JobId): boolean {
    return this.#entries.has(id);
  }

  entry(ref: JobRef): Entry | undefined {
    const entry = this.#entries.get(ref.id);
    return entry?.job.queue === ref.queue ? entry : undefined;
  }

  /** The job wherever it is: a holder names the queue in which it was claimed. */
  entryOf(id: JobId): Entry | undefined {
    return this.#entries.get(id);
  }

  /** Whether the job was added to its queue, for once only, within the last hour. */
  wasAdded({ id, queue }: JobRef): boolean {
    return (this.#addedOnce.get(`${id} ${queue}`) ?? Number.NEGATIVE_INFINITY) > this.now() - hour;
  }

  noteAdded({ id, queue }: JobRef): void {
    this.#addedOnce.set(`${id} ${queue}`, this.now());
  }

  add(entry: Entry): void {
    const { id, queue } = entry.job;
    this.#entries.set(id, entry);
    this.#queues.set(queue, (this.#queues.get(queue) ?? new Set()).add(entry));
  }

  /** Takes the job out of the store; its key is free again. */
  delete(entry: Entry): void {
    this.freeKey(entry.job);
    this.#takeOut(entry);
  }

  #takeOut(entry: Entry): void {
    this.#entries.delete(entry.job.id);
    this.#queues.get(entry.job.queue)?.delete(entry);
  }

  /** Puts the job into another queue, as it is there, with the key that it holds. Whether that was free. */
  move(entry: Entry, job: Job): boolean {
    const holds = this.holdsKey(entry.job);
    if (holds && (this.owner(job.queue, job.key) || this.keeper(job.queue, job.key))) return false;
    this.delete(entry);
    entry.job = job;
    this.add(entry);
    if (holds) this.takeKey(job);
    return true;
  }

  holdsKey({ id, queue, key }: Job): boolean {
    return this.owner(queue, key)?.job.id === id;
  }

  /** The living job that has the key. */
  owner(queue: string, key: UniqueKey | undefined): Entry | undefined {
    const id = key && this.#keys.get(keyName(queue, key));
    return id === undefined ? undefined : this.#entries.get(id);
  }

  /** The job for which the key is taken for a time, wherever that job is by now. */
  keeper(queue: string, key: UniqueKey | undefined): JobId | undefined {
    const lasting = key && this.#lasting.get(keyName(queue, key));
    return lasting && lasting.until > this.now() ? lasting.id : undefined;
  }

  takeKey(job: Job): void {
    if (!job.key) return;
    this.#keys.set(keyName(job.queue, job.key), job.id);
    this.#lasting.delete(keyName(job.queue, job.key));
  }

  /** The job's life takes its key no longer; its time may. */
  letKeyGo(job: Job): void {
    if (!job.key || !this.holdsKey(job)) return;
    const until = job.queuedAt.getTime() + (job.key.for ?? 0);
    this.freeKey(job);
    if (until > this.now()) this.#lasting.set(keyName(job.queue, job.key), { id: job.id, until });
  }

  /** The key is free, whatever its time. */
  freeKey(job: Job): void {
    if (!job.key) return;
    const name = keyName(job.queue, job.key);
    if (this.#keys.get(name) === job.id) this.#keys.delete(name);
    if (this.#lasting.get(name)?.id === job.id) this.#lasting.delete(name);
  }

  /** To be called when the job has come to its end. */
  finish(entry: Entry): void {
    const { job } = entry;
    this.letKeyGo(job);
    if (job.status === "success" && !this.#keepsAll) this.#vanish(entry);
    this.wakeups.finished([job.id]);
  }

  /** The run of an entry that stays is over: its token is remembered, a success counted. */
  forgetRun({ job }: Entry): void {
    if (job.token) this.#runs.add(job.token);
    if (job.status === "success" && !this.#keepsAll) this.#count(job);
    this.wakeups.finished([job.id]);
  }

  /** How many successes of the queue are over without a trace. */
  vanished(queue: string): number {
    return this.#vanished.get(queue)?.size ?? 0;
  }

  /** Whether this token settled a job that has vanished. */
  isVanished(queue: string, token: string): boolean {
    return this.#runs.has(token) || (this.#vanished.get(queue)?.has(token) ?? false);
  }

  #vanish(entry: Entry): void {
    const { job } = entry;
    this.#takeOut(entry);
    this.#count(job);
  }

  #count(job: Job): void {
    const tokens = this.#vanished.get(job.queue) ?? new Set();
    this.#vanished.set(job.queue, tokens.add(job.token ?? job.id));
  }
}

function keyName(queue: string, key: UniqueKey): string {
  return JSON.stringify([queue, key.value]);
}
