import type { Broker } from "./broker.js";
import type { QueueKind, QueueMode, Registry } from "./registry.js";

/** How one queue is served: a mode is a composition, and this is its result. */
export interface QueueRoute {
  readonly queue: string;
  readonly mode: QueueMode;
  readonly kind: QueueKind;
  readonly broker: Broker;
  /** Whether results and finished jobs are kept, so that a caller can wait for them. */
  readonly keepsResults: boolean;
}

/** A broker together with the queues that a worker serves through it. */
export interface Source {
  /** The mode, for logs and metrics. */
  readonly name: QueueMode;
  readonly broker: Broker;
  /** The queues as of now; queues that match a pattern appear while the worker runs. */
  queues(): readonly string[];
  /** Calls back when `queues` has grown, until the returned function is called. */
  onQueues(listener: () => void): () => void;
}

/**
 * The composed stores of one application: what clients and workers see instead of stores.
 * Built by the `tandemq` package from the configuration, or by `createMemoryDeployment` for tests.
 */
export interface Deployment {
  readonly registry: Registry;
  /** Connects and prepares the stores that are in use. Rejects with a sentence that names the store and what to do. */
  start(): Promise<void>;
  close(): Promise<void>;
  /**
   * The route of a queue, recorded in the store at its first use.
   * @throws QueueUnknownError when no mode is configured for it
   * @throws QueueMismatchError when the store has it recorded with another mode or kind
   */
  route(queue: string): Promise<QueueRoute>;
  /** All queues that are recorded or configured by their full name. */
  queueNames(): Promise<string[]>;
  /** The sources for a worker on these queues; none given: every queue there is, new ones included. */
  sources(queues: readonly string[]): Promise<Source[]>;
  /** Listens for ended jobs, where the stores can tell. Returns a function that stops listening. */
  onFinished(listener: (ids: readonly string[]) => void): () => void;
}
