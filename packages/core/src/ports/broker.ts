import type {
  ClaimAnswer,
  ClaimRequest,
  ExtendAnswer,
  ProgressUpdate,
  SettleAnswer,
  Settlement,
} from "../model/claim.js";
import type { Histogram, HistogramRange } from "../model/histogram.js";
import type { Due, Hold, Job, JobId, JobRef, NewJob } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import type { Status } from "../model/status.js";
import type { Moves } from "./moves.js";
import type { TransactionSession } from "./session.js";

/**
 * Where live jobs wait and are handed out. Every method is batch-shaped; answers stand in the order of the question.
 *
 * The promises that every broker keeps, and the contract suite tests:
 * - a claim is atomic, hands out the job as it is now, and fences everything after it by its token;
 * - settling can be asked twice: the same token gets `settled` again, any other gets `lost`, nothing changes;
 * - one bad item never fails its batch;
 * - the times compared are the store's own.
 *
 * Any method may reject with `BrokerUnavailableError`; then it is unknown whether the store acted, and asking again
 * with the same ids and tokens is safe.
 */
export interface Broker extends Moves {
  /** Creates and checks what the store needs (indexes, validator, scripts). May be called by many at once. */
  start(): Promise<void>;
  /** Ends every connection and timer of this broker. May be called twice. */
  close(): Promise<void>;

  /**
   * Adds jobs. An id that is already there is answered as if it had been added now: enqueueing can be asked twice. After
   * a job's end its id is there as long as this broker itself keeps the job.
   */
  enqueue(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]>;
  /**
   * Adds jobs that are there when the caller's transaction has committed, and never otherwise. Absent where there is no
   * store with transactions. Errors of the transaction reject as the driver throws them: its retries go by them.
   */
  enqueueWithin?(session: TransactionSession, jobs: readonly NewJob[]): Promise<EnqueueAnswer[]>;
  /**
   * Hands out due jobs, in each queue the highest priority first, then by place in line: the time at which a job first
   * came due. A job that was claimed before keeps its place. Of several queues that have
   * work each gives an equal share, those first that gave longest ago, or else (`inOrder`) all that the ones listed
   * before it left free. Paused queues give none.
   */
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  /**
   * Pushes the due time of held jobs to `lease` milliseconds from now. The token stays. A holder whose lease has lapsed
   * may still extend, and settle, until another claim takes the job.
   */
  extend(holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]>;
  /**
   * Tells that deliveries which were claimed with `keepsKeys` run now: their unique keys until the start are free.
   * Fenced by the token; other deliveries are ignored.
   */
  begin(holds: readonly Hold[]): Promise<void>;
  /** Ends deliveries: finished, to be retried, or given back. */
  settle(settlements: readonly Settlement[]): Promise<SettleAnswer[]>;
  /**
   * Keeps how far runs are, until the next update. Fenced by the token, and still accepted from the delivery that ended
   * the job; of any other delivery it is ignored. Absent where a job in progress is stored nowhere.
   */
  recordProgress?(updates: readonly ProgressUpdate[]): Promise<void>;
  /**
   * Resolves when one of the queues may have due work: a wake-up came since its last claim, a known due time has
   * come, `timeout` milliseconds are over, or the signal was aborted. Never rejects.
   */
  waitForWork(queues: readonly string[], wait: { timeout: number; signal?: AbortSignal }): Promise<void>;

  /** Every queue that was asked for, with every status; a started job whose lease has lapsed counts as started. */
  counts(queues: readonly string[]): Promise<Map<string, QueueCounts>>;
  get(refs: readonly JobRef[]): Promise<(Job | undefined)[]>;
  /** Jobs that this broker holds and that match, in no promised order but for `head`. */
  find(filter: JobFilter): Promise<Job[]>;
  /**
   * Every job that matches, however long the queue is, in no order; at most `limit`, by default all. A job that changes
   * its status meanwhile may be left out.
   */
  select(filter: JobFilter): Promise<JobRef[]>;
  /** How the queue's waiting jobs lie in time, or in a `sorted` queue by score. Its cost does not grow with finished jobs. */
  histogram(queue: string, range: HistogramRange): Promise<Histogram>;
  /** The store's time, milliseconds since the epoch: no job that is there was queued later. */
  now(): Promise<number>;

  /** Ends waiting jobs with status `cancel`; started ones are left alone and answered `started`. */
  cancel(refs: readonly JobRef[]): Promise<ChangeAnswer[]>;
  /**
   * Changes waiting jobs. A claimer sees the job before or after the change, never a mixture. A new due time is a new
   * place in line, unless the job was claimed before. A job that is to move to another queue, where somebody else has its
   * unique key, stays as it is and is answered `keyTaken`.
   */
  edit(refs: readonly JobRef[], change: JobChange): Promise<ChangeAnswer[]>;
  /**
   * Puts final jobs back in line as a new life: attempts and losses start again, and the unique key is taken again. One
   * whose key is another's by now is answered `keyTaken`; of several with one key the first gets it. `started` may also
   * mean that somebody else requeues the job, or moves it, at this moment.
   */
  requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]>;
  /** As `requeue`, in another queue of this broker, in one step. Absent where a job changes its queue in several. */
  requeueInto?(refs: readonly JobRef[], queue: string): Promise<ChangeAnswer[]>;
  /** Deletes jobs that are not started. */
  remove(refs: readonly JobRef[]): Promise<ChangeAnswer[]>;
  /** Deletes all waiting jobs of a queue (not started, not final) and returns how many. */
  purge(queue: string): Promise<number>;

  /** A paused queue hands out nothing within a second, for all workers, until resumed. Enqueueing goes on. */
  pause(queue: string): Promise<void>;
  resume(queue: string): Promise<void>;
  paused(): Promise<string[]>;
}

/** `created: false`: the key is taken by a living job, whose id is given; `change` says what was done to it, if anything. */
export type EnqueueAnswer =
  | {
      readonly state: "enqueued";
      readonly id: JobId;
      readonly created: boolean;
      readonly change?: "replaced" | "extended";
    }
  | { readonly state: "refused"; readonly error: Error };

/**
 * `done`, or why not: no such job, or it is in a status in which the change is not allowed. `keyTaken`: the
 * unique key of a job that is requeued or moved belongs to another living job there; it stays as it is.
 */
export type ChangeAnswer = "done" | "missing" | "started" | "waiting" | "final" | "keyTaken";

export interface JobChange {
  /** A JSON object as text. */
  readonly params?: string;
  readonly priority?: number;
  /** All its tags from now on. */
  readonly tags?: readonly string[];
  readonly due?: Due;
  /** Another queue of the same broker. */
  readonly queue?: string;
}

export type QueueCounts = Readonly<Record<Status, number>>;

/** From one time to another, both included. */
export interface TimeRange {
  readonly from?: Date;
  readonly to?: Date;
}

/** What is asked of jobs; a job matches when it is all that the filter names. */
export interface JobFilter {
  /** Asked of a client it may be a tree such as `crawl/`: all queues below that name. Brokers are asked queue by queue. */
  readonly queue?: string;
  readonly status?: readonly Status[];
  readonly path?: string;
  readonly ids?: readonly JobId[];
  /** Held by this worker, or held last by it. */
  readonly worker?: string;
  /** All of these tags. */
  readonly tags?: readonly string[];
  /** The params have at least these fields with these values; objects are compared field by field, lists as a whole. */
  readonly params?: JsonObject;
  /** The last error: its name, and a part of its message. */
  readonly error?: { readonly name?: string; readonly text?: string };
  readonly queued?: TimeRange;
  readonly finished?: TimeRange;
  /** Only those that runs of this job enqueued, or of one of these. */
  readonly parent?: JobId | readonly JobId[];
  /** At most so many. Default: 100. */
  readonly limit?: number;
  /**
   * `head`: the next to be claimed first, then those that wait for their time. `newest`: last queued first.
   * Default: newest.
   */
  readonly order?: "head" | "newest";
}
