import { setTimeout as pause } from "node:timers/promises";
import type { WakeupListener, Wakeups } from "@tandemq/core";
import type { ChangeStream, ObjectId } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { type Change, changeStages, meaningOf } from "./changes.js";

const shortestPause = 100;
const longestPause = 5_000;

/**
 * How long the server keeps a question for changes when there are none, ms: each costs an idle worker a command. One that is
 * out when the stream is closed holds its connection for as long, unless that is closed, too.
 */
const patience = 10_000;

/**
 * Wake-ups from the changes of the collections themselves: foreign producers are heard too. One stream, open while
 * somebody listens. After each (re)opening listeners are told that they may have missed something. On a standalone
 * server there is no stream, and nothing is told.
 */
export class ChangeStreamWakeups implements Wakeups {
  readonly #connection: Connection;
  readonly #listeners = new Set<WakeupListener>();
  readonly #moved: ObjectId[] = [];
  #looking: Promise<void> | undefined;
  #stream: ChangeStream | undefined;
  #withEnds = false;
  #running: Promise<void> | undefined;
  #stopped = new AbortController();
  #pause = shortestPause;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The changes tell by themselves. */
  work(): void {}

  /** The changes tell by themselves. */
  finished(): void {}

  /** Not told: workers look by themselves, once a second. */
  cancel(): void {}

  listen(listener: WakeupListener): () => void {
    this.#listeners.add(listener);
    this.#adapt();
    return () => {
      this.#listeners.delete(listener);
      this.#adapt();
    };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#adapt();
    await this.#running;
    await this.#looking;
  }

  /** Runs while somebody listens; the stream is opened anew when the ends of jobs are wanted, or no longer. */
  #adapt(): void {
    if (this.#listeners.size === 0) this.#stopped.abort();
    else this.#running ??= this.#run();
    if (this.#listeners.size === 0 || this.#withEnds !== this.#wantsEnds()) void this.#stream?.close().catch(() => {});
  }

  #wantsEnds(): boolean {
    return [...this.#listeners].some((listener) => listener.onFinished !== undefined);
  }

  async #run(): Promise<void> {
    this.#stopped = new AbortController();
    while (this.#listeners.size > 0) {
      try {
        if (!(await this.#connection.start()).tellsChanges) return;
        await this.#follow();
      } catch {
        await this.#rest();
      }
    }
    this.#running = undefined;
  }

  /** Opens the stream and passes on what it tells, until it fails or is closed. */
  async #follow(): Promise<void> {
    const { db, jobs, queues } = this.#connection;
    this.#withEnds = this.#wantsEnds();
    const stages = changeStages(jobs.collectionName, queues.collectionName, this.#withEnds);
    const stream = db.watch<never, Change>(stages, { maxAwaitTimeMS: patience });
    this.#stream = stream as unknown as ChangeStream;
    stream.once("resumeTokenChanged", () => this.#opened());
    try {
      await this.#listenTo(stream);
    } finally {
      this.#stream = undefined;
      await stream.close().catch(() => {});
    }
  }

  /** By events: a call of `next` would not return before the server's answer, however long the stream is closed. */
  #listenTo(stream: ChangeStream<never, Change>): Promise<void> {
    return new Promise((resolve, reject) => {
      stream.on("change", (change) => this.#pass(change));
      stream.on("error", reject);
      stream.once("close", resolve);
    });
  }

  #opened(): void {
    this.#pause = shortestPause;
    for (const listener of [...this.#listeners]) listener.onLagged?.();
  }

  #pass(change: Change): void {
    const meaning = meaningOf(change, this.#connection.queues.collectionName);
    if ("work" in meaning) this.#tellWork([meaning.work]);
    else if ("workOf" in meaning) this.#lookUp(meaning.workOf);
    else for (const listener of [...this.#listeners]) listener.onFinished?.([meaning.ended]);
  }

  #tellWork(queues: readonly string[]): void {
    for (const listener of [...this.#listeners]) listener.onWork?.(queues);
  }

  /** An update does not tell the queue: those of a burst are looked up together. */
  #lookUp(id: ObjectId): void {
    this.#moved.push(id);
    this.#looking ??= this.#lookUpAll().finally(() => {
      this.#looking = undefined;
    });
  }

  async #lookUpAll(): Promise<void> {
    while (this.#moved.length > 0) {
      const ids = this.#moved.splice(0, 1000);
      const filter = { _id: { $in: ids }, due: { $exists: true } };
      try {
        this.#tellWork(await this.#connection.jobs.distinct("queue", filter));
      } catch {
        for (const listener of [...this.#listeners]) listener.onLagged?.();
      }
    }
  }

  async #rest(): Promise<void> {
    await pause(this.#pause, undefined, { signal: this.#stopped.signal }).catch(() => {});
    this.#pause = Math.min(2 * this.#pause, longestPause);
  }
}
