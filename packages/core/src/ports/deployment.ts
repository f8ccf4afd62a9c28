import type { LimitRule } from "../limits/limit.js";
import type { JobSettings } from "../model/job.js";
import type { QueueOrder } from "../model/queue-shape.js";
import type { Broker } from "./broker.js";
import type { Chore } from "./chore.js";
import type { JobLogs } from "./job-logs.js";
import type { Limiter } from "./limiter.js";
import type { Completion } from "./session.js";
import type { QueueKind, QueueMode, Registry } from "./registry.js";

/** How one queue is served: a mode is a composition, and this is its result. */
export interface QueueRoute {
  readonly queue: string;
  readonly mode: QueueMode;
  readonly kind: QueueKind;
  /** Default: `fifo`. */
  readonly order?: QueueOrder;
  readonly broker: Broker;
  /** Whether results and finished jobs are kept, so that a caller can wait for them. */
  readonly keepsResults: boolean;
}

/** How one queue is to be looked at: by the record in the store, whatever the configuration says. */
export interface QueueLook extends QueueRoute {
  /** The mode in the configuration; `undefined` where it does not name the queue. */
  readonly configured: QueueMode | undefined;
}

/** A broker together with the queues that a worker serves through it. */
export interface Source {
  /** The mode, for logs and metrics. */
  readonly name: QueueMode;
  readonly broker: Broker;
  /** Whether its jobs can be completed within a transaction of their task's. */
  readonly completes?: boolean;
  /** The queues as of now; queues that match a pattern appear while the worker runs. */
  queues(): readonly string[];
  /** Recorded queues, of any mode, that the worker was started for and whose configured mode, if any, is another one. */
  mismatched?(): readonly string[];
  /** What the configuration says for the jobs of a queue whose tasks say nothing; left out when it says nothing at all. */
  readonly settingsOf?: (queue: string) => JobSettings | undefined;
  /** Calls back when `queues` has grown, until the returned function is called. */
  onQueues(listener: () => void): () => void;
  /** The limits that are configured for the queue. */
  limits?(queue: string): readonly LimitRule[];
}

/**
 * The composed stores of one application: what clients and workers see instead of stores.
 * Built by the `tandemq` package from the configuration, or by `createMemoryDeployment` for tests.
 */
export interface Deployment {
  readonly registry: Registry;
  /** How tasks of regular queues complete their jobs within a transaction; known before the start. */
  readonly completion?: Completion | undefined;
  /** Where the log lines of jobs are kept; `undefined` where there is no such place. */
  readonly logs: JobLogs | undefined;
  /** Counts starts and runs for all workers: in Redis where there is one, else in MongoDB. */
  readonly limiter: Limiter;
  /** Connects and prepares the stores that are in use. Rejects with a sentence that names the store and what to do. */
  start(): Promise<void>;
  close(): Promise<void>;
  /**
   * The route of a queue, recorded in the store at its first use.
   * @throws QueueUnknownError when no mode is configured for it
   * @throws QueueMismatchError when the store has it recorded with another mode or kind
   */
  route(queue: string): Promise<QueueRoute>;
  /**
   * Queues as they are by now, for looking and for an operator's actions: nothing is recorded, and the record in the
   * store wins over the configuration. Queues that no store of this deployment can hold are left out.
   *
   * @param queues default: all that are recorded or configured by their full name
   */
  look(queues?: readonly string[]): Promise<QueueLook[]>;
  /** The broker of a mode, also of one that no queue is configured to have; `undefined` where a store is missing. */
  broker(mode: QueueMode): Promise<Broker | undefined>;
  /** All queues that are recorded or configured by their full name, and have a mode in the configuration. */
  queueNames(): Promise<string[]>;
  /** The broker of every mode that is configured. */
  brokers(): readonly Broker[];
  /** The sources for a worker on these queues; none given: every queue there is, new ones included. */
  sources(queues: readonly string[]): Promise<Source[]>;
  /** What workers do beside their jobs to keep the stores tidy. */
  chores(): readonly Chore[];
  /** Listens for ended jobs, where the stores can tell. Returns a function that stops listening. */
  onFinished(listener: (ids: readonly string[]) => void): () => void;
  /** Listens for requests to cancel running jobs, where the stores can tell. Returns a function that stops listening. */
  onCancel?(listener: () => void): () => void;
}
