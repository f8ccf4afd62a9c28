import {
  type ChangeAnswer,
  type ClaimAnswer,
  type ClaimRequest,
  claimAdmitted,
  claimInTime,
  ClosedError,
  type DepartAnswer,
  type Departing,
  type Departure,
  type EnqueueAnswer,
  type ExtendAnswer,
  type Histogram,
  type HistogramRange,
  type Hold,
  type HoldAnswer,
  type HoldingBroker,
  type InTime,
  isFinal,
  type Job,
  type JobChange,
  type JobFilter,
  type JobRef,
  type NewJob,
  plainShape,
  type QueueCounts,
  type ReceiveAnswer,
  type SettleAnswer,
  type Settlement,
  type Token,
  WakeBoard,
  type Wakeups,
} from "@tandemq/core";
import type { BrokerContext } from "./broker-context.js";
import { ColdQueues } from "./cold-queues.js";
import { arrive } from "./operations/arrive.js";
import { begin } from "./operations/begin.js";
import { departDead, leaveDead, stayDead } from "./operations/bury.js";
import * as changes from "./operations/change.js";
import { claim } from "./operations/claim.js";
import { counts } from "./operations/counts.js";
import { depart } from "./operations/depart.js";
import { enqueue } from "./operations/enqueue.js";
import { extend } from "./operations/extend.js";
import { find } from "./operations/find.js";
import { histogram } from "./operations/histogram.js";
import { hold } from "./operations/hold.js";
import { leave } from "./operations/leave.js";
import { get } from "./operations/look.js";
import { type MalformedEntry, malformed } from "./operations/malformed.js";
import { editAll } from "./operations/edit-all.js";
import * as pauses from "./operations/pause.js";
import { receiveJobs } from "./operations/receive-jobs.js";
import { now } from "./operations/now.js";
import { stayAll } from "./operations/stay.js";
import { purge } from "./operations/purge.js";
import { select } from "./operations/select.js";
import { queueNames } from "./operations/queue-names.js";
import { settle } from "./operations/settle.js";
import { PausedTrees } from "./paused-trees.js";
import { defaultFailures, type RedisBrokerOptions } from "./options.js";

/** What brokers on the same Redis share. */
export interface SharedRedis extends Pick<BrokerContext, "connections" | "keys" | "sessions" | "known"> {
  readonly wakeups: Wakeups;
  /** Checks the server; once for all brokers. */
  readonly check: () => Promise<void>;
}

/** Those that departed together are all alike. */
function areDead([first]: readonly Departure[]): boolean {
  return first !== undefined && isFinal(first.job.status);
}

/** Jobs in Redis. Made by `createRedis`; all brokers made there share its connections, which `close` leaves open. */
export class RedisBroker implements HoldingBroker {
  readonly #shared: SharedRedis;
  readonly #context: BrokerContext;
  readonly #handsOutExpired: boolean;
  #silence: (() => void) | undefined;
  #closed = false;

  constructor(shared: SharedRedis, options: RedisBrokerOptions = {}) {
    const { countFinished = false, keepFailures = false, shapeOf = () => plainShape } = options;
    this.#shared = shared;
    this.#handsOutExpired = options.handsOutExpired === true;
    const failures = keepFailures === true ? defaultFailures : Number(keepFailures);
    const own = {
      board: new WakeBoard(),
      cold: new ColdQueues(),
      lookedTo: new Map<string, number>(),
      counts: countFinished,
      failures,
      shapeOf,
    };
    const { connections, keys, sessions, known } = shared;
    this.#context = { connections, keys, sessions, known, trees: new PausedTrees(connections, keys), ...own };
  }

  /** @throws StoreRefusedError when the server is older than 6.2 or would evict jobs */
  async start(): Promise<void> {
    this.#open();
    await this.#shared.check();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#silence?.();
    this.#context.board.wakeAll();
  }

  async enqueue(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    return enqueue(this.#open(), jobs);
  }

  async claim(request: ClaimRequest): Promise<ClaimAnswer> {
    const context = this.#open();
    this.#listen();
    const claimAny = (one: ClaimRequest) =>
      this.#handsOutExpired ? claim(context, one) : claimInTime(this.#inTime, one);
    if (!request.admit) return claimAny(request);
    return claimAdmitted(request, { claim: claimAny, settle: (settlements) => settle(context, settlements) });
  }

  async begin(holds: readonly Hold[]): Promise<void> {
    return begin(this.#open(), holds);
  }

  async extend(holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]> {
    return extend(this.#open(), holds, lease);
  }

  async settle(settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
    return settle(this.#open(), settlements);
  }

  async waitForWork(
    queues: readonly string[],
    { timeout, signal }: { timeout: number; signal?: AbortSignal },
  ): Promise<void> {
    if (this.#closed) return;
    this.#listen();
    await this.#context.board.wait(queues, timeout, signal);
  }

  async counts(queues: readonly string[]): Promise<Map<string, QueueCounts>> {
    return counts(this.#open(), queues);
  }

  async get(refs: readonly JobRef[]): Promise<(Job | undefined)[]> {
    return get(this.#open(), refs);
  }

  async find(filter: JobFilter): Promise<Job[]> {
    return find(this.#open(), filter);
  }

  async select(filter: JobFilter): Promise<JobRef[]> {
    return select(this.#open(), filter);
  }

  async histogram(queue: string, range: HistogramRange): Promise<Histogram> {
    return histogram(this.#open(), queue, range, () => this.now());
  }

  async now(): Promise<number> {
    return now(this.#open());
  }

  async cancel(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return changes.cancel(this.#open(), refs);
  }

  async hold(refs: readonly JobRef[]): Promise<HoldAnswer[]> {
    return hold(this.#open(), refs);
  }

  async depart(refs: readonly JobRef[], which: Departing = "waiting", mover?: Token): Promise<DepartAnswer[]> {
    return which === "final" ? departDead(this.#open(), refs) : depart(this.#open(), refs, mover);
  }

  async leave(departures: readonly Departure[]): Promise<ChangeAnswer[]> {
    return areDead(departures) ? leaveDead(this.#open(), departures) : leave(this.#open(), departures);
  }

  async stay(departures: readonly Departure[]): Promise<void> {
    return areDead(departures) ? stayDead(this.#open(), departures) : stayAll(this.#open(), departures);
  }

  async receive(jobs: readonly Job[], parkedFor: number, mover?: Token): Promise<ReceiveAnswer[]> {
    return receiveJobs(this.#open(), jobs, parkedFor, mover);
  }

  async arrive(jobs: readonly Job[]): Promise<void> {
    return arrive(this.#open(), jobs);
  }

  async edit(refs: readonly JobRef[], change: JobChange): Promise<ChangeAnswer[]> {
    return editAll(this.#open(), refs, change);
  }

  async requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return changes.requeue(this.#open(), refs);
  }

  async forget(refs: readonly JobRef[]): Promise<void> {
    await changes.forget(this.#open(), refs);
  }

  async remove(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    return changes.remove(this.#open(), refs);
  }

  async purge(queue: string): Promise<number> {
    return purge(this.#open(), queue);
  }

  async pause(queue: string): Promise<void> {
    await (queue.endsWith("/") ? this.#open().trees.set(queue, true) : pauses.pause(this.#open(), queue));
  }

  async resume(queue: string): Promise<void> {
    if (!queue.endsWith("/")) return pauses.resume(this.#open(), queue);
    await this.#open().trees.set(queue, false);
    this.#shared.wakeups.work(await queueNames(this.#open()));
  }

  async paused(): Promise<string[]> {
    return pauses.paused(this.#open());
  }

  /** Entries that could not be jobs and were set aside, newest first; the last 1,000 of a queue are kept. */
  async malformed(queue: string, limit: number = 100): Promise<MalformedEntry[]> {
    return malformed(this.#open(), queue, limit);
  }

  readonly #inTime: InTime = {
    claim: (request) => claim(this.#open(), request),
    get: (refs) => this.get(refs),
    settle: (settlements) => this.settle(settlements),
  };

  #open(): BrokerContext {
    if (this.#closed) throw new ClosedError("the Redis broker");
    return this.#context;
  }

  /** Only who claims or waits listens: a producer needs no subscriber. */
  #listen(): void {
    if (this.#silence || this.#closed) return;
    const { board, cold, trees } = this.#context;
    this.#silence = this.#shared.wakeups.listen({
      onWork: (queues) => {
        trees.doubt(queues);
        cold.warm(queues);
        board.wake(queues);
      },
      onLagged: () => {
        cold.doubt();
        board.wakeAll();
      },
    });
  }
}
