import { plainShape } from "@tandemq/core";
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
  HoldingBroker,
  Job,
  JobChange,
  JobFilter,
  JobRef,
  JobStore,
  NewJob,
  ProgressUpdate,
  QueueCounts,
  SettleAnswer,
  Settlement,
} from "@tandemq/core";
import type { RelayedOutbox } from "../outbox/relayed-outbox.js";
import { cancel } from "./cancel.js";
import * as changes from "./change.js";
import { claim, removeOver } from "./claim.js";
import { enqueue } from "./enqueue.js";
import type { RawContext } from "./context.js";
import { extend } from "./extend.js";
import { HeldClaims } from "./held-claims.js";
import { LateStarts } from "./late-starts.js";
import * as looks from "./look.js";
import { purge } from "./purge.js";
import { recordProgress } from "./record-progress.js";
import { settle } from "./settle.js";
import { StoreHealth } from "./store-health.js";

export interface RawOptions extends Partial<Pick<RawContext, "shapeOf" | "factoryOf">> {
  /** Where jobs wait that are part of a transaction, if there is such a place. */
  readonly outbox?: RelayedOutbox | undefined;
}

/**
 * The raw mode: jobs wait in a fast broker and are documents in a store from their start on.
 *
 * Entry and document share the id and the generation. A death between any two steps (claimed, document started, run,
 * outcome stored, entry removed) loses nothing: the entry comes due again, and the document decides whether to run.
 */
export class RawBroker implements Broker {
  readonly #context: RawContext;

  readonly enqueueWithin?: NonNullable<Broker["enqueueWithin"]>;

  constructor(live: HoldingBroker, store: JobStore, options: RawOptions = {}) {
    const { outbox, shapeOf = () => plainShape, factoryOf = () => undefined } = options;
    const health = new StoreHealth();
    const recordStarts: JobStore["recordStarts"] = (...args) => health.watch(() => store.recordStarts(...args));
    const late = new LateStarts({ recordStarts }, (claims) => void removeOver(this.#context, claims).catch(() => {}));
    this.#context = { live, store, held: new HeldClaims(), late, health, shapeOf, factoryOf };
    if (outbox) this.enqueueWithin = (session, jobs) => outbox.add(session, jobs);
  }

  async start(): Promise<void> {
    await Promise.all([this.#context.live.start(), this.#context.store.start()]);
  }

  async close(): Promise<void> {
    const { live, store, late } = this.#context;
    late.close();
    await Promise.all([live.close(), store.close()]);
  }

  enqueue(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    return enqueue(this.#context, jobs);
  }

  claim(request: ClaimRequest): Promise<ClaimAnswer> {
    return claim(this.#context, request);
  }

  extend(holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]> {
    return extend(this.#context, holds, lease);
  }

  begin(holds: readonly Hold[]): Promise<void> {
    return this.#context.live.begin(holds);
  }

  settle(settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
    return settle(this.#context, settlements);
  }

  recordProgress(updates: readonly ProgressUpdate[]): Promise<void> {
    return recordProgress(this.#context, updates);
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
    return cancel(this.#context, refs);
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
    return purge(this.#context, queue);
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
