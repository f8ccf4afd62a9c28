import type {
  Broker,
  ChangeAnswer,
  ClaimAnswer,
  ClaimRequest,
  DepartAnswer,
  Departing,
  Departure,
  EnqueueAnswer,
  ExtendAnswer,
  Histogram,
  HistogramRange,
  Hold,
  Job,
  JobChange,
  JobFilter,
  JobRef,
  NewJob,
  QueueCounts,
  ReceiveAnswer,
  SettleAnswer,
  Settlement,
  Token,
} from "@tandemq/core";
import type { RelayedOutbox } from "./outbox/relayed-outbox.js";

type OwnVerb =
  | "enqueue"
  | "claim"
  | "extend"
  | "settle"
  | "counts"
  | "get"
  | "find"
  | "select"
  | "cancel"
  | "edit"
  | "requeue"
  | "remove"
  | "purge"
  | "depart"
  | "leave"
  | "stay"
  | "receive"
  | "arrive";

/** What a mode does in its own way, each as a function of its context. */
export type Operations<C> = {
  readonly [V in OwnVerb]: (context: C, ...question: Parameters<Broker[V]>) => ReturnType<Broker[V]>;
};

/** A mode whose jobs wait in a fast broker, which answers everything that the mode does not do in its own way. */
export abstract class ModeBroker<C extends { readonly live: Broker }> implements Broker {
  protected readonly context: C;
  readonly #live: Broker;
  readonly #own: Operations<C>;
  readonly enqueueWithin?: NonNullable<Broker["enqueueWithin"]>;

  /** @param outbox where jobs wait that are part of a transaction, if there is such a place */
  constructor(context: C, own: Operations<C>, outbox: RelayedOutbox | undefined) {
    this.context = context;
    this.#live = context.live;
    this.#own = own;
    if (outbox) this.enqueueWithin = (session, jobs) => outbox.add(session, jobs);
  }

  abstract start(): Promise<void>;
  abstract close(): Promise<void>;

  enqueue(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    return this.#own.enqueue(this.context, jobs);
  }

  claim(request: ClaimRequest): Promise<ClaimAnswer> {
    return this.#own.claim(this.context, request);
  }

  extend(holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]> {
    return this.#own.extend(this.context, holds, lease);
  }

  begin(holds: readonly Hold[]): Promise<void> {
    return this.#live.begin(holds);
  }

  settle(settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
    return this.#own.settle(this.context, settlements);
  }

  waitForWork(queues: readonly string[], wait: { timeout: number; signal?: AbortSignal }): Promise<void> {
    return this.#live.waitForWork(queues, wait);
  }

  counts(queues: readonly string[]): Promise<Map<string, QueueCounts>> {
    return this.#own.counts(this.context, queues);
  }

  get(refs: readonly JobRef[]): Promise<(Job | undefined)[]> {
    return this.#own.get(this.context, refs);
  }

  find(filter: JobFilter): Promise<Job[]> {
    return this.#own.find(this.context, filter);
  }

  select(filter: JobFilter): Promise<JobRef[]> {
    return this.#own.select(this.context, filter);
  }

  histogram(queue: string, range: HistogramRange): Promise<Histogram> {
    return this.#live.histogram(queue, range);
  }

  now(): Promise<number> {
    return this.#live.now();
  }

  cancel(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return this.#own.cancel(this.context, refs);
  }

  edit(refs: readonly JobRef[], change: JobChange): Promise<ChangeAnswer[]> {
    return this.#own.edit(this.context, refs, change);
  }

  requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return this.#own.requeue(this.context, refs);
  }

  remove(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return this.#own.remove(this.context, refs);
  }

  purge(queue: string): Promise<number> {
    return this.#own.purge(this.context, queue);
  }

  depart(refs: readonly JobRef[], which?: Departing, mover?: Token): Promise<DepartAnswer[]> {
    return this.#own.depart(this.context, refs, which, mover);
  }

  leave(departures: readonly Departure[]): Promise<ChangeAnswer[]> {
    return this.#own.leave(this.context, departures);
  }

  stay(departures: readonly Departure[]): Promise<void> {
    return this.#own.stay(this.context, departures);
  }

  receive(jobs: readonly Job[], parkedFor: number, mover?: Token): Promise<ReceiveAnswer[]> {
    return this.#own.receive(this.context, jobs, parkedFor, mover);
  }

  arrive(jobs: readonly Job[]): Promise<void> {
    return this.#own.arrive(this.context, jobs);
  }

  pause(queue: string): Promise<void> {
    return this.#live.pause(queue);
  }

  resume(queue: string): Promise<void> {
    return this.#live.resume(queue);
  }

  paused(): Promise<string[]> {
    return this.#live.paused();
  }
}
