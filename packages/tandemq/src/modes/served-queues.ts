import { BrokerUnavailableError, type Deployment, type QueueMode, type Wakeups } from "@tandemq/core";
import { isPattern, matchesPattern } from "../config/queue-rules.js";

/** Milliseconds between two looks for queues that are new. */
const lookEvery = 2000;

/** The queues a worker serves, by mode; those that match a pattern are found while it runs. */
export class ServedQueues {
  readonly #wanted: readonly string[];
  readonly #deployment: Pick<Deployment, "route" | "queueNames">;
  readonly #warn: (message: string) => void;
  readonly #byMode = new Map<QueueMode, string[]>();
  readonly #known = new Set<string>();
  readonly #listeners = new Map<QueueMode, Set<() => void>>();
  readonly #stopListening: readonly (() => void)[];
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #lookAgain = false;

  constructor(
    wanted: readonly string[],
    deployment: Pick<Deployment, "route" | "queueNames">,
    wakeups: readonly Wakeups[],
    warn: (message: string) => void,
  ) {
    this.#wanted = wanted;
    this.#deployment = deployment;
    this.#warn = warn;
    const onWork = (queues: readonly string[]) => {
      if (queues.some((queue) => !this.#known.has(queue) && this.#isWanted(queue))) void this.#look();
    };
    this.#stopListening = this.#hasPatterns()
      ? wakeups.map((one) => one.listen({ onWork, onLagged: () => void this.#look() }))
      : [];
  }

  /** Rejects when a queue that is named in full has no mode, or another one in the store. */
  async start(): Promise<void> {
    for (const queue of this.#wanted) if (!isPattern(queue)) await this.#add(queue);
    if (!this.#hasPatterns()) return;
    await this.#look();
    this.#timer = setInterval(() => void this.#look(), lookEvery).unref();
  }

  of(mode: QueueMode): readonly string[] {
    return this.#byMode.get(mode) ?? [];
  }

  /** Calls back when queues of this mode were added, until the returned function is called. */
  onAdded(mode: QueueMode, listener: () => void): () => void {
    const listeners = this.#listeners.get(mode) ?? new Set();
    this.#listeners.set(mode, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const stop of this.#stopListening) stop();
  }

  #hasPatterns(): boolean {
    return this.#wanted.length === 0 || this.#wanted.some(isPattern);
  }

  #isWanted(queue: string): boolean {
    return this.#wanted.length === 0 || this.#wanted.some((name) => matchesPattern(name, queue));
  }

  /** One look at a time; who asks during one, because of a queue that it may have missed, gets another. */
  async #look(): Promise<void> {
    this.#lookAgain = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    try {
      const names = await this.#deployment.queueNames();
      for (const name of names) if (!this.#known.has(name) && this.#isWanted(name)) await this.#tryAdd(name);
    } catch {
      // The store is away: the next look finds what is new.
    } finally {
      this.#looking = false;
      if (this.#lookAgain) void this.#look();
    }
  }

  /** A queue that is recorded otherwise is told once and left alone; a store that is away is asked again. */
  async #tryAdd(queue: string): Promise<void> {
    try {
      await this.#add(queue);
    } catch (error) {
      if (error instanceof BrokerUnavailableError) return;
      this.#known.add(queue);
      this.#warn(`queue "${queue}" is not served: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #add(queue: string): Promise<void> {
    const { mode } = await this.#deployment.route(queue);
    if (this.#known.has(queue)) return;
    this.#known.add(queue);
    this.#byMode.set(mode, [...this.of(mode), queue]);
    for (const listener of this.#listeners.get(mode) ?? []) listener();
  }
}
