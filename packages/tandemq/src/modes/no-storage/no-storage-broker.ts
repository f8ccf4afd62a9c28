import {
  type Broker,
  BrokerUnavailableError,
  type ChangeAnswer,
  type ClaimAnswer,
  type ClaimRequest,
  type FailureStatus,
  finalStatuses,
  type Job,
  type JobChange,
  type JobFilter,
  type JobRef,
  type JobStore,
  type QueueCounts,
  type SettleAnswer,
  type Settlement,
  type Status,
} from "@tandemq/core";
import { finalPart, mergeFound, mergeJob } from "../merge-jobs.js";
import { asCancelled, isWaiting } from "../raw/cancel.js";
import { placeOf } from "../raw/requeue.js";
import { nextLife } from "../job-again.js";
import { inParts, RedisBacked } from "../redis-backed.js";
import { isFailure, settleFailures } from "./settle-failures.js";

const failureStatuses: readonly FailureStatus[] = finalStatuses.filter((status) => status !== "success");

/**
 * No-storage mode where MongoDB is configured: jobs live in Redis alone, and those that end without success get a
 * document before their entry goes. While MongoDB is away, failures are kept in Redis and the queue goes on.
 */
export class NoStorageBroker extends RedisBacked {
  readonly #keeping: Broker;

  /**
   * @param line where the jobs wait; counts finished jobs, keeps none
   * @param keeping the same line, keeping failed jobs: for the time that `store` is away
   */
  constructor(line: Broker, keeping: Broker, store: JobStore) {
    super(line, store);
    this.#keeping = keeping;
  }

  async claim(request: ClaimRequest): Promise<ClaimAnswer> {
    const answer = await this.line.claim(request);
    this.held.add(answer.claims);
    return answer;
  }

  async settle(settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
    const answers = await inParts(
      settlements,
      isFailure,
      (failures) => this.#settleFailures(failures),
      (others) => this.line.settle(others),
    );
    for (const settlement of settlements) this.held.drop(settlement);
    return answers;
  }

  counts(queues: readonly string[]): Promise<Map<string, QueueCounts>> {
    return this.line.counts(queues);
  }

  async get(refs: readonly JobRef[]): Promise<(Job | undefined)[]> {
    const entries = await this.#keeping.get(refs);
    const documents = await this.store.get(refs.map(({ id }) => id));
    return refs.map((_, i) => mergeJob(entries[i], documents[i]));
  }

  async find(filter: JobFilter): Promise<Job[]> {
    const documents = finalPart(filter, failureStatuses as readonly Status[]);
    const entries = await this.#keeping.find(filter);
    return documents ? mergeFound(entries, await this.store.find(documents), filter) : entries;
  }

  /** The document first, then the entry. */
  async cancel(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    const entries = await this.line.get(refs);
    const waiting = entries.filter((job) => job !== undefined).filter(isWaiting);
    if (waiting.length > 0) await this.store.record(waiting.map(asCancelled));
    const answers = await this.line.cancel(refs);
    const documents = await this.store.get(refs.map(({ id }) => id));
    return answers.map((answer, i) => (answer === "missing" && documents[i] ? "final" : answer));
  }

  edit(ref: JobRef, change: JobChange): Promise<ChangeAnswer> {
    return this.#keeping.edit(ref, change);
  }

  /** The entry first, then the document goes: the job's next life is without one again. */
  async requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    const documents = await this.store.get(refs.map(({ id }) => id));
    return inParts(
      refs,
      (_, i) => documents[i] !== undefined,
      (stored) => this.#requeueStored(stored),
      (others) => this.#keeping.requeue(others),
    );
  }

  async remove(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    const inLine = await this.#keeping.remove(refs);
    const documents = await this.store.remove(refs.map(({ id }) => id));
    return refs.map((_, i) => (inLine[i] === "missing" ? (documents[i] ?? "missing") : (inLine[i] ?? "missing")));
  }

  purge(queue: string): Promise<number> {
    return this.line.purge(queue);
  }

  async #settleFailures(failures: readonly Settlement[]): Promise<SettleAnswer[]> {
    try {
      return await settleFailures(this.line, this.store, failures, this.claimsOf(failures));
    } catch (error) {
      if (error instanceof BrokerUnavailableError) return this.#keeping.settle(failures);
      throw error;
    }
  }

  async #requeueStored(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    const jobs = (await this.store.get(refs.map(({ id }) => id))) as Job[];
    const answers = await this.line.enqueue(jobs.map(nextLife));
    const again = refs.filter((_, i) => answers[i]?.state === "enqueued");
    await this.store.remove(again.map(({ id }) => id));
    return refs.map((_, i) => (answers[i]?.state === "enqueued" ? "done" : placeOf(jobs[i])));
  }
}
