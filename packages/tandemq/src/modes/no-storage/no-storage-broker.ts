import type {
  Broker,
  ChangeAnswer,
  ClaimAnswer,
  ClaimRequest,
  EnqueueAnswer,
  ExtendAnswer,
  Histogram,
  HistogramRange,
  Hold,
  Job,
  JobChange,
  JobFilter,
  JobRef,
  JobStore,
  NewJob,
  QueueCounts,
  SettleAnswer,
  Settlement,
  Status,
} from "@tandemq/core";
import type { RelayedOutbox } from "../outbox/relayed-outbox.js";
import * as changes from "./change.js";
import { claim } from "./claim.js";
import type { NoStorageContext } from "./context.js";
import { FailureHome } from "./failure-home.js";
import * as looks from "./look.js";
import { settle } from "./settle.js";

export interface NoStorageOptions {
  /** The queues; forgets every job that is over, and counts it. */
  readonly live: Broker;
  /** The same queues; keeps jobs that ended without success in a bounded list. */
  readonly keeping: Broker;
  /** Where failed jobs are kept instead, as long as it answers. */
  readonly store?: JobStore;
  /** Where jobs wait that are part of a transaction, if there is such a place. */
  readonly outbox?: RelayedOutbox | undefined;
  readonly warn?: (message: string) => void;
  readonly factoryOf?: NoStorageContext["factoryOf"];
  /** Whether a success of this queue gets a document, too. Default: none does. */
  readonly storesSuccess?: (queue: string) => boolean;
}

/** The no-storage mode: jobs live in a fast broker alone; a success is only counted, a failure is kept. */
export class NoStorageBroker implements Broker {
  readonly #context: NoStorageContext;

  readonly enqueueWithin?: NonNullable<Broker["enqueueWithin"]>;

  constructor(options: NoStorageOptions) {
    const {
      live,
      keeping,
      store,
      outbox,
      warn = () => {},
      factoryOf = () => undefined,
      storesSuccess = () => false,
    } = options;
    const isStored = (queue: string, status: Status) => status !== "success" || storesSuccess(queue);
    this.#context = { live, keeping, failures: store && new FailureHome(store, warn), factoryOf, isStored };
    if (outbox) this.enqueueWithin = (session, jobs) => outbox.add(session, jobs);
  }

  /** Does not wait for the store of failed jobs: the queues work without it. */
  async start(): Promise<void> {
    const { live, keeping } = this.#context;
    await Promise.all([live.start(), keeping.start()]);
  }

  async close(): Promise<void> {
    const { live, keeping } = this.#context;
    await Promise.all([live.close(), keeping.close()]);
  }

  enqueue(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    return this.#context.live.enqueue(jobs);
  }

  claim(request: ClaimRequest): Promise<ClaimAnswer> {
    return claim(this.#context, request);
  }

  extend(holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]> {
    return this.#context.live.extend(holds, lease);
  }

  begin(holds: readonly Hold[]): Promise<void> {
    return this.#context.live.begin(holds);
  }

  settle(settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
    return settle(this.#context, settlements);
  }

  waitForWork(queues: readonly string[], wait: { timeout: number; signal?: AbortSignal }): Promise<void> {
    return this.#context.live.waitForWork(queues, wait);
  }

  counts(queues: readonly string[]): Promise<Map<string, QueueCounts>> {
    return looks.counts(this.#context, queues);
  }

  get(refs: readonly JobRef[]): Promise<(Job | undefined)[]> {
    return looks.get(this.#context, refs);
  }

  find(filter: JobFilter): Promise<Job[]> {
    return looks.find(this.#context, filter);
  }

  select(filter: JobFilter): Promise<JobRef[]> {
    return looks.select(this.#context, filter);
  }

  histogram(queue: string, range: HistogramRange): Promise<Histogram> {
    return this.#context.live.histogram(queue, range);
  }

  now(): Promise<number> {
    return this.#context.live.now();
  }

  cancel(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return changes.cancel(this.#context, refs);
  }

  edit(refs: readonly JobRef[], change: JobChange): Promise<ChangeAnswer[]> {
    return changes.edit(this.#context, refs, change);
  }

  requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return changes.requeue(this.#context, refs);
  }

  remove(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return changes.remove(this.#context, refs);
  }

  purge(queue: string): Promise<number> {
    return this.#context.live.purge(queue);
  }

  pause(queue: string): Promise<void> {
    return this.#context.live.pause(queue);
  }

  resume(queue: string): Promise<void> {
    return this.#context.live.resume(queue);
  }

  paused(): Promise<string[]> {
    return this.#context.live.paused();
  }
}
