import { claimAdmitted } from "../limits/claim-admitted.js";
import {
  type Claim,
  type ClaimAnswer,
  type ClaimRequest,
  type ExtendAnswer,
  isRetry,
  type ProgressUpdate,
  type SettleAnswer,
  type Settlement,
} from "../model/claim.js";
import type { Histogram, HistogramRange } from "../model/histogram.js";
import type { Hold, Job, JobId, JobRef, NewJob, Token } from "../model/job.js";
import type { Broker, ChangeAnswer, EnqueueAnswer, JobChange, JobFilter, QueueCounts } from "../ports/broker.js";
import { claimInTime, type InTime } from "../rules/claim-in-time.js";
import { Turns } from "../wake/turns.js";
import { WakeBoard } from "../wake/wake-board.js";
import type { DepartAnswer, Departing, Departure, ReceiveAnswer } from "../ports/moves.js";
import * as changes from "./change.js";
import { handOut, line, nextDue } from "./claim.js";
import { enqueue } from "./enqueue.js";
import { view } from "./entry.js";
import { histogram } from "./histogram.js";
import { counts, find, select } from "./look.js";
import * as moves from "./move.js";
import { MemoryStore, type MemoryStoreOptions } from "./memory-store.js";
import { begin, extend, settle } from "./settle.js";

export interface MemoryBrokerOptions extends MemoryStoreOptions {
  /** The store to work on, shared with other brokers; `now` and `keeps` are then the store's. Default: one of its own. */
  readonly store?: MemoryStore;
  /** For tests: an error refuses the settlement, as a store does that cannot hold an outcome. */
  readonly refuse?: (settlement: Settlement) => Error | undefined;
}

/**
 * A broker that lives in this process and ends with it: for tests, and the model that every other broker is held
 * against. Keeps finished jobs as long as it lives.
 */
export class MemoryBroker implements Broker {
  readonly store: MemoryStore;
  readonly #board = new WakeBoard();
  readonly #turns = new Turns();
  readonly #refuse: (settlement: Settlement) => Error | undefined;
  readonly #silence: () => void;

  constructor(options: MemoryBrokerOptions = {}) {
    this.store = options.store ?? new MemoryStore(options);
    this.#refuse = options.refuse ?? (() => undefined);
    this.#silence = this.store.wakeups.listen({
      onWork: (queues) => this.#board.wake(queues),
    });
  }

  async start(): Promise<void> {}

  async close(): Promise<void> {
    this.#silence();
    this.#board.wakeAll();
  }

  async enqueue(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    const answers = jobs.map((job) => enqueue(this.store, job));
    this.#wake(jobs.map((job) => job.queue));
    return answers;
  }

  async claim(request: ClaimRequest): Promise<ClaimAnswer> {
    const broker: InTime = {
      claim: async (asked) => this.#claim(asked, () => true),
      get: (refs) => this.get(refs),
      settle: (settlements) => this.settle(settlements),
    };
    const settle = broker.settle;
    return claimAdmitted(request, { claim: (one) => claimInTime(broker, one), settle });
  }

  /** For tests that hold another broker against this one: hands out no job but these, as far as they are due. */
  async claimOnly(request: ClaimRequest, ids: readonly JobId[]): Promise<ClaimAnswer> {
    return this.#claim(request, (id) => ids.includes(id));
  }

  async extend(holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]> {
    return holds.map((hold) => extend(this.store, hold, lease));
  }

  async begin(holds: readonly Hold[]): Promise<void> {
    for (const hold of holds) begin(this.store, hold);
  }

  async settle(settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
    const answers = settlements.map((settlement) => this.#settle(settlement));
    this.#turns.cameBack(settlements);
    this.#wake(settlements.map(({ queue, outcome }) => (isRetry(outcome) && outcome.queue) || queue));
    return answers;
  }

  async recordProgress(updates: readonly ProgressUpdate[]): Promise<void> {
    for (const { progress, ...hold } of updates) {
      const entry = this.store.entry(hold);
      if (entry?.job.token === hold.token) entry.job = { ...entry.job, progress };
    }
  }

  waitForWork(queues: readonly string[], wait: { timeout: number; signal?: AbortSignal }): Promise<void> {
    return this.#board.wait(queues, wait.timeout, wait.signal);
  }

  async counts(queues: readonly string[]): Promise<Map<string, QueueCounts>> {
    return new Map(queues.map((queue) => [queue, counts(this.store, queue)]));
  }

  async get(refs: readonly JobRef[]): Promise<(Job | undefined)[]> {
    const now = this.store.now();
    return refs.map((ref) => this.store.entry(ref)).map((entry) => entry && view(entry, now));
  }

  async find(filter: JobFilter): Promise<Job[]> {
    return find(this.store, filter);
  }

  async select(filter: JobFilter): Promise<JobRef[]> {
    return select(this.store, filter);
  }

  async histogram(queue: string, range: HistogramRange): Promise<Histogram> {
    return histogram(this.store, queue, range);
  }

  async now(): Promise<number> {
    return this.store.now();
  }

  async cancel(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    const { store } = this;
    return refs.map((ref) =>
      changes.changeWhere(["waiting"], store.entry(ref), (entry) =>
        moves.isMoving(store, entry) ? "started" : changes.cancel(store, entry),
      ),
    );
  }

  async edit(refs: readonly JobRef[], change: JobChange): Promise<ChangeAnswer[]> {
    const { store } = this;
    const answers = refs.map((ref) =>
      changes.changeWhere(["waiting"], store.entry(ref), (entry) =>
        moves.isMoving(store, entry, change) ? "started" : changes.edit(store, moves.landed(entry, change), change),
      ),
    );
    this.#wake(refs.map(({ queue }) => change.queue ?? queue));
    return answers;
  }

  async requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    const { store } = this;
    const answers = refs.map((ref) =>
      changes.changeWhere(["final"], store.entry(ref), (entry) => changes.requeue(store, entry, ref.queue)),
    );
    this.#wake(refs.map((ref) => ref.queue));
    return answers;
  }

  async requeueInto(refs: readonly JobRef[], queue: string): Promise<ChangeAnswer[]> {
    const { store } = this;
    const answers = refs.map((ref) =>
      changes.changeWhere(["final"], store.entry(ref), (entry) => changes.requeue(store, entry, queue)),
    );
    this.#wake([queue]);
    return answers;
  }

  async remove(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    const { store } = this;
    return refs.map((ref) =>
      changes.changeWhere(["waiting", "final"], store.entry(ref), (entry) => store.delete(entry)),
    );
  }

  async depart(refs: readonly JobRef[], which: Departing = "waiting", mover?: Token): Promise<DepartAnswer[]> {
    return refs.map((ref) => moves.depart(this.store, ref, which, mover));
  }

  async leave(departures: readonly Departure[]): Promise<ChangeAnswer[]> {
    return departures.map((departure) => moves.leave(this.store, departure));
  }

  async stay(departures: readonly Departure[]): Promise<void> {
    for (const { token, job } of departures) this.store.departures.end(job.id, token);
  }

  async receive(jobs: readonly Job[], parkedFor: number, mover?: Token): Promise<ReceiveAnswer[]> {
    return jobs.map((job) => moves.receive(this.store, job, parkedFor, mover));
  }

  async arrive(jobs: readonly Job[]): Promise<void> {
    for (const job of jobs) moves.arrive(this.store, job);
    this.#wake(jobs.map(({ queue }) => queue));
  }

  async purge(queue: string): Promise<number> {
    const waiting = this.store.entries(queue).filter((entry) => changes.standingOf(entry) === "waiting");
    for (const entry of waiting) this.store.delete(entry);
    return waiting.length;
  }

  async pause(queue: string): Promise<void> {
    this.store.pausedQueues.add(queue);
  }

  async resume(queue: string): Promise<void> {
    this.store.pausedQueues.delete(queue);
    this.#wake([queue]);
  }

  async paused(): Promise<string[]> {
    return [...this.store.pausedQueues];
  }

  #claim(request: ClaimRequest, wanted: (id: JobId) => boolean): ClaimAnswer {
    this.#board.beginClaim(request.queues);
    const due = line(this.store, request, this.#turns).filter((entry) => wanted(entry.job.id));
    const claims: Claim[] = due.slice(0, request.max).map((entry) => handOut(this.store, entry, request));
    for (const queue of new Set(claims.map((claim) => claim.queue))) this.#turns.served(queue);
    for (const queue of request.queues) this.#noteNextDue(queue, due.length > claims.length);
    return { claims, setAside: [] };
  }

  /** What is due but was not handed out, because it is not to be, is no reason to ask again. */
  #noteNextDue(queue: string, more: boolean): void {
    const next = nextDue(this.store, queue);
    if (next !== undefined && (more || next > this.store.now())) this.#board.dueIn(queue, next - this.store.now());
  }

  #settle(settlement: Settlement): SettleAnswer {
    const error = this.#refuse(settlement);
    return error ? { state: "refused", error } : settle(this.store, settlement);
  }

  #wake(queues: readonly string[]): void {
    this.store.wakeups.work([...new Set(queues)]);
  }
}
