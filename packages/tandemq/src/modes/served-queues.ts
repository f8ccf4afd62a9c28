import {
  BrokerUnavailableError,
  type Deployment,
  QueueMismatchError,
  type QueueMode,
  queueModes,
  type QueueRecord,
  type Wakeups,
} from "@tandemq/core";
import { isPattern, matchesPattern } from "../config/queue-rules.js";

/** Milliseconds between two looks for queues that are new: where wake-ups tell of them, and where nobody does. */
const lookEvery = { told: 30_000, untold: 2_000 };
/** What each known queue adds to it. */
const lookPerQueue = 2;

/** Queues that are new at once, in one step. */
const atOnce = 50;

interface ServedDeployment extends Pick<Deployment, "route" | "registry"> {
  /** Those of the recorded queues that have a mode in the configuration, and those that it names in full. */
  namesOf(records: readonly QueueRecord[]): string[];
  /** Whether the record is as configured: the queue may be served without another question. */
  isAsRecorded(record: QueueRecord): boolean;
}

/** The queues a worker serves, by mode; those that match a pattern are found while it runs. */
export class ServedQueues {
  readonly #wanted: readonly string[];
  readonly #deployment: ServedDeployment;
  readonly #warn: (message: string) => void;
  readonly #byMode = new Map<QueueMode, string[]>();
  readonly #known = new Set<string>();
  /** Recorded queues that are not served as they are recorded: configured otherwise, or not at all. */
  #mismatched: ReadonlySet<string> = new Set();
  readonly #listeners = new Map<QueueMode, Set<() => void>>();
  readonly #stopListening: readonly (() => void)[];
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #closed = false;
  /** Wake-ups have begun to come: who listens is told so once. */
  #told = false;
  #lookAgain = false;

  constructor(
    wanted: readonly string[],
    deployment: ServedDeployment,
    wakeups: readonly Wakeups[],
    warn: (message: string) => void,
  ) {
    this.#wanted = wanted;
    this.#deployment = deployment;
    this.#warn = warn;
    const onWork = (queues: readonly string[]) => {
      for (const queue of queues) if (this.#isUnheard(queue)) void this.#tryAdd(queue);
    };
    const onLagged = () => {
      this.#told = true;
      void this.#look();
    };
    this.#stopListening = this.#hasPatterns() ? wakeups.map((one) => one.listen({ onWork, onLagged })) : [];
  }

  /** Rejects when a queue that is named in full has no mode, or another one in the store. */
  async start(): Promise<void> {
    for (const queue of this.#wanted) if (!isPattern(queue)) await this.#add(queue);
    if (this.#hasPatterns()) await this.#look();
    this.#lookLater();
  }

  #lookLater(): void {
    const seldom = this.#told || !this.#hasPatterns();
    const wait = (seldom ? lookEvery.told : lookEvery.untold) + lookPerQueue * this.#known.size;
    this.#timer = setTimeout(() => void this.#look().finally(() => this.#closed || this.#lookLater()), wait).unref();
  }

  of(mode: QueueMode): readonly string[] {
    return this.#byMode.get(mode) ?? [];
  }

  get mismatched(): readonly string[] {
    return [...this.#mismatched];
  }

  /** Calls back when queues of this mode were added, until the returned function is called. */
  onAdded(mode: QueueMode, listener: () => void): () => void {
    const listeners = this.#listeners.get(mode) ?? new Set();
    this.#listeners.set(mode, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const stop of this.#stopListening) stop();
  }

  #hasPatterns(): boolean {
    return this.#wanted.length === 0 || this.#wanted.some(isPattern);
  }

  /** What ends in `/` is a tree, told of when it is paused or goes on: no jobs wait under its own name. */
  #isWanted(queue: string): boolean {
    if (queue.endsWith("/")) return false;
    return this.#wanted.length === 0 || this.#wanted.some((name) => matchesPattern(name, queue));
  }

  /** One look at a time; who asks during one, because of a queue that it may have missed, gets another. */
  async #look(): Promise<void> {
    this.#lookAgain = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    try {
      const records = await this.#deployment.registry.queues();
      this.#addRecorded(records);
      const named = this.#deployment.namesOf(records);
      await this.#compare(records, new Set(named));
      const names = named.filter((name) => this.#isUnheard(name));
      for (let i = 0; i < names.length; i += atOnce)
        await Promise.all(names.slice(i, i + atOnce).map((name) => this.#tryAdd(name)));
    } catch {
      // The store is away: the next look finds what is new.
    } finally {
      this.#looking = false;
      if (this.#lookAgain) void this.#look();
    }
  }

  #isNew(queue: string): boolean {
    return !this.#known.has(queue) && this.#isWanted(queue);
  }

  #isUnheard(queue: string): boolean {
    return !this.#mismatched.has(queue) && this.#isNew(queue);
  }

  /** A mismatch that is mended ends here: such a queue is served as any other from then on. */
  async #compare(records: readonly QueueRecord[], configured: ReadonlySet<string>): Promise<void> {
    const before = this.#mismatched;
    const found = records.filter((one) => this.#isWanted(one.name) && !this.#deployment.isAsRecorded(one));
    this.#mismatched = new Set(found.map(({ name }) => name));
    const fresh = [...this.#mismatched].filter((name) => configured.has(name) && !before.has(name));
    for (const name of fresh) await this.#warnOf(name);
  }

  /** The refusal of the queue says what is recorded, what is configured, and what to do. */
  async #warnOf(queue: string): Promise<void> {
    const how = this.#known.has(queue) ? "is served here as it was before it was migrated" : "is not served";
    await this.#deployment.route(queue).catch((error: unknown) => {
      if (!(error instanceof BrokerUnavailableError)) this.#warn(`queue "${queue}" ${how}: ${messageOf(error)}`);
    });
  }

  /** Most queues are recorded as they are configured, and there may be thousands. */
  #addRecorded(records: readonly QueueRecord[]): void {
    const added = records.filter((one) => this.#isNew(one.name) && this.#deployment.isAsRecorded(one));
    for (const mode of queueModes) {
      const names = added.filter((one) => one.mode === mode).map(({ name }) => name);
      if (names.length > 0) this.#serve(mode, names);
    }
  }

  /** A queue that cannot be served is told once and left alone; a store that is away is asked again. */
  async #tryAdd(queue: string): Promise<void> {
    try {
      await this.#add(queue);
    } catch (error) {
      if (error instanceof BrokerUnavailableError || this.#mismatched.has(queue)) return;
      if (error instanceof QueueMismatchError) this.#mismatched = new Set([...this.#mismatched, queue]);
      else this.#known.add(queue);
      this.#warn(`queue "${queue}" is not served: ${messageOf(error)}`);
    }
  }

  async #add(queue: string): Promise<void> {
    const { mode } = await this.#deployment.route(queue);
    if (!this.#known.has(queue)) this.#serve(mode, [queue]);
  }

  #serve(mode: QueueMode, queues: readonly string[]): void {
    for (const queue of queues) this.#known.add(queue);
    this.#byMode.set(mode, [...this.of(mode), ...queues]);
    for (const listener of this.#listeners.get(mode) ?? []) listener();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
