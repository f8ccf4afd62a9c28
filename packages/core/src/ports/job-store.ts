import type { Claim, SettleAnswer, Settlement, ProgressUpdate } from "../model/claim.js";
import type { Job, JobId, JobRef } from "../model/job.js";
import type { Status } from "../model/status.js";
import type { ChangeAnswer, JobFilter } from "./broker.js";
import type { DepartAnswer, Departure } from "./moves.js";

/** A delivery with its outcome, which ends the job. */
export interface Run {
  readonly claim: Claim;
  readonly worker: string;
  readonly settlement: Settlement;
}

/**
 * Where the documents of jobs live whose queue is elsewhere: raw jobs from their start on, failed no-storage jobs.
 * Documents written through this port never carry `due`: no broker claims them. One document per job, for ever.
 *
 * The document decides: the first accepted outcome of a generation wins.
 */
export interface JobStore {
  start(): Promise<void>;
  close(): Promise<void>;

  /**
   * Records that these deliveries start (`worker` holds them), making the document where there is none.
   * `final`: this generation, or a later one, is already over: run nothing.
   */
  recordStarts(claims: readonly Claim[], worker: string): Promise<("started" | "final")[]>;
  /**
   * Records outcomes, guarded by generation and token. `settled` also when this very token ended it before; `lost`
   * when another delivery owns or ended the document.
   *
   * @param claims the deliveries, in the same order: a document that is missing, because its start was rolled back, is
   * made from them. Without them such an outcome is `lost`.
   */
  recordOutcomes(settlements: readonly Settlement[], claims?: readonly Claim[]): Promise<SettleAnswer[]>;
  /**
   * Records first deliveries that are over before their start was recorded, outcome and all in one write. Where there is
   * a document already, it decides as for `recordOutcomes`.
   */
  recordRuns(runs: readonly Run[]): Promise<SettleAnswer[]>;
  /** Keeps how far runs are: see `Broker.recordProgress`. */
  recordProgress(updates: readonly ProgressUpdate[]): Promise<void>;
  /**
   * Writes whole documents of final jobs. A document stays as it is when it is final in the same or a later generation
   * already, and when a delivery of the same generation has started it whose token is not the job's: the job was
   * claimed after the caller looked. A missing `finishedAt` is the store's now, a missing `deleteAt` seven days later.
   */
  record(jobs: readonly Job[]): Promise<void>;
  /** Marks final documents as queued in the next generation, after their entry is in line again. */
  recordRequeue(jobs: readonly { id: JobId; generation: number }[]): Promise<void>;

  /**
   * Writes the documents of waiting jobs that come from elsewhere, and bring a history. A document of the same life, or a
   * later one, stays as it is.
   */
  recordWaiting(jobs: readonly Job[]): Promise<void>;
  /**
   * Takes the documents of waiting jobs that go elsewhere out of their lives: no delivery of this one starts any more,
   * until the job comes back (`recordWaiting`). `missing` where there is none.
   */
  withdraw(jobs: readonly Job[]): Promise<ChangeAnswer[]>;
  /** Deletes the documents that were withdrawn. */
  forget(ids: readonly JobId[]): Promise<void>;
  /** Whether an id is by now that of a job whose broker keeps its jobs in the same place, so that none of it starts here. */
  isElsewhere(ids: readonly JobId[]): Promise<boolean[]>;

  get(ids: readonly JobId[]): Promise<(Job | undefined)[]>;
  find(filter: JobFilter): Promise<Job[]>;
  /** Every job that matches, in no order; at most `limit`, by default all. */
  select(filter: JobFilter): Promise<JobRef[]>;
  /** Documents per queue and status, without those that the Mongo broker itself holds in line. */
  counts(queues: readonly string[]): Promise<Map<string, Partial<Record<Status, number>>>>;
  /** Deletes final documents that an earlier life than these has left: what this life or a later one wrote stays. */
  removeEarlier(lives: readonly { id: JobId; generation: number }[]): Promise<void>;
  /** As `Broker.depart`, `leave` and `stay`, for final documents. */
  depart(refs: readonly JobRef[]): Promise<DepartAnswer[]>;
  leave(departures: readonly Departure[]): Promise<ChangeAnswer[]>;
  stay(departures: readonly Departure[]): Promise<void>;
  /** Deletes final documents. */
  remove(ids: readonly JobId[]): Promise<ChangeAnswer[]>;
}
