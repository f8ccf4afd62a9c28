import type { Claim, Outcome, SetAside } from "@tandemq/core";
import type { Delivery } from "./delivery.js";
import type { Blocked, ChildEnd } from "./pools/executor-pool.js";
import type { TaskFault } from "./tasks/task-registry.js";

/** What a worker tells its listeners. One verb, one event. */
export interface WorkerEvents {
  /** The first job can run. */
  ready: [];
  /** Deliveries were claimed, in one call, from queues of one mode. */
  claim: [deliveries: number, source: string, claims: readonly Claim[]];
  /** A delivery was settled in its store, or ended by the claim that took it: expired, not to be decoded. */
  settle: [delivery: Delivery, outcome: Outcome];
  /** The delivery is somebody else's by now; what this worker reached counts for nothing. */
  lost: [delivery: Delivery];
  setAside: [aside: SetAside];
  childEnd: [end: ChildEnd];
  blocked: [pid: number, blocked: Blocked];
  taskFault: [fault: TaskFault];
  stopping: [how: string];
  stopped: [end: WorkerEnd];
  /** Something failed that the worker survives. */
  error: [error: unknown];
}

/** How a worker ended. */
export interface WorkerEnd {
  /**
   * Exit code: 0 everything that ran was finished; 1 it could not start; 3 running jobs were given back; 4 running
   * jobs had to be killed.
   */
  readonly code: 0 | 1 | 3 | 4;
  /** Running jobs that were given back. */
  readonly givenBack: number;
  /** Why it could not start. */
  readonly error?: unknown;
}

type Listener<A extends unknown[]> = (...args: A) => unknown;

/** A plain set of listeners per event: one that throws, or rejects, is reported and harms nobody. Nothing waits for them. */
export class Emitter<E extends { [K in keyof E]: unknown[] }> {
  readonly #listeners = new Map<keyof E, Set<Listener<never>>>();
  readonly #onThrow: (error: unknown) => void;

  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow;
  }

  /** @returns a function that removes the listener */
  on<K extends keyof E>(event: K, listener: Listener<E[K]>): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    listeners.add(listener as Listener<never>);
    return () => void listeners.delete(listener as Listener<never>);
  }

  emit<K extends keyof E>(event: K, ...args: E[K]): void {
    const listeners = this.#listeners.get(event);
    if (!listeners) return;
    for (const listener of listeners) {
      try {
        const returned = (listener as Listener<E[K]>)(...args);
        if (returned instanceof Promise) returned.catch(this.#onThrow);
      } catch (error) {
        this.#onThrow(error);
      }
    }
  }
}
