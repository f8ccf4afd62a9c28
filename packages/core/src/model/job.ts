import type { JobError } from "./job-error.js";
import type { Json, JsonObject } from "./json.js";
import type { Status } from "./status.js";

/** 24 hexadecimal digits, made by the producer. Time-ordered by the second only: never an order to rely on. */
export type JobId = string;

/** Opaque proof of one delivery: made by a claim, compared by every write after it. */
export type Token = string;

/** Where a job is found: some stores need the queue beside the id. */
export interface JobRef {
  readonly id: JobId;
  readonly queue: string;
}

/** A delivery that somebody holds: what `extend` and `settle` are fenced by. */
export interface Hold extends JobRef {
  readonly token: Token;
}

/**
 * How long a unique key is taken.
 *
 * `start`: while the job waits for its first start; a re-enqueue during the run makes a new job.
 * `finish`: until the job is final; a re-enqueue during the run is answered `created: false`.
 */
export type KeyUntil = "start" | "finish";

export interface UniqueKey {
  readonly value: string;
  readonly until: KeyUntil;
  /**
   * Milliseconds from the job's queue time on for which the key is taken at least, whatever becomes of the job. Deleting
   * it before its first run frees the key.
   */
  readonly for?: number;
}

/**
 * What an enqueue does whose unique key belongs to a job that waits. A job that has started is left alone.
 *
 * `keep`: nothing. `replace`: the waiting job becomes the new one, under its own id. `extend`: it comes due when the new
 * one would. A job that is in line already keeps its place when the new one would be due at once.
 */
export type OnDuplicate = "keep" | "replace" | "extend";

/** What the producer may fix for one job; what it leaves open, the task's own options decide when the job runs. */
export interface JobSettings {
  /** Runs that the task itself may end before the job is final. */
  readonly attempts?: number;
  /** Milliseconds a run may take before its signal is aborted. */
  readonly timeout?: number;
  /** Milliseconds after which the process of a run that still goes on is killed. */
  readonly hardTimeout?: number;
  /** The job runs alone in a child process. */
  readonly isolate?: boolean;
  readonly backoff?: Backoff;
  /** One key for each limit of the task, where they are computed from the params. `null`: not limited by this one. */
  readonly limitKeys?: readonly (string | null)[];
}

/** Waiting time before the next attempt. All times in milliseconds. */
export interface Backoff {
  readonly type: "fixed" | "linear" | "exponential";
  readonly delay: number;
  /** Upper bound of the waiting time before jitter. Default: one hour. */
  readonly max?: number;
  /** Share of the waiting time that is random, 0 to 1. Default: 0.2. */
  readonly jitter?: number;
}

/**
 * When a job comes due: so long after now (the broker's now), or at a time (milliseconds since the epoch). A time that
 * has passed means now, the place in line included.
 */
export type Due = { readonly after: number } | { readonly at: number };

/**
 * Small texts that travel with a job, such as the headers of a trace: for middleware, not for the task's own data. At
 * most 20, names of 100 and values of 1,000 characters.
 */
export type JobMeta = Readonly<Record<string, string>>;

/** A job on its way into a broker: validated, complete, with its params already as JSON text. */
export interface NewJob extends JobRef {
  readonly path: string;
  /** A JSON object as text, passed on unread. */
  readonly params: string;
  /** −10 … 10, higher first. */
  readonly priority: number;
  readonly due: Due;
  readonly key?: UniqueKey;
  /**
   * An id that the queue was given so within the last hour is not added again, though its job may be over and forgotten:
   * for whoever asks twice after more than a moment. Where its key is taken, the owner is kept.
   */
  readonly onlyOnce?: boolean;
  /** Default: `keep`; in a `timed` queue `replace`. */
  readonly onDuplicate?: OnDuplicate;
  /** A job whose first run has not begun by then never runs. */
  readonly startBy?: Due;
  /** Its place in a `sorted` queue: the lowest is first. */
  readonly score?: number;
  readonly settings?: JobSettings;
  readonly tags?: readonly string[];
  readonly parent?: JobId;
  /** The producer chose the id, and names a parent: brokers need not know. */
  readonly idChosen?: boolean;
  readonly meta?: JobMeta;
  /** The job's life: 1 at first, one more at each requeue of a finished job. Default: 1. */
  readonly generation?: number;
  /** Its id was not made for this enqueue: the job may have been enqueued before, and may even be over. */
  readonly seen?: true;
}

/** One earlier run, kept with the job. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly status: Status;
  readonly startedAt?: Date;
  readonly finishedAt: Date;
  readonly worker?: string;
  readonly error?: JobError;
}

/** How many earlier runs a job keeps; older ones are dropped. */
export const maxHistory = 20;

/** What holds a waiting job back that would be due otherwise. */
export interface Limited {
  readonly kind: "rate" | "concurrency";
  readonly key?: string;
  readonly until?: Date;
}

/** A job as it is looked at: everything that is known of it. */
export interface Job extends JobRef {
  /** Schema version of the document or entry. */
  readonly v: number;
  readonly path: string;
  readonly params: JsonObject;
  readonly priority: number;
  readonly key?: UniqueKey;
  readonly status: Status;
  /** Claimable from this time on; exists only while the job is live. */
  readonly due?: Date;
  /** Started, but its lease has lapsed: it waits to be delivered again. Computed on reading. */
  readonly lapsed?: boolean;
  /** A limit holds it back: which, and until when where that is known. Computed on reading. */
  readonly limited?: Limited;
  readonly token?: Token;
  readonly generation: number;
  /** Runs that the task itself ended. */
  readonly attempt: number;
  /** Claims. */
  readonly deliveries: number;
  /** Deliveries whose worker or child died. */
  readonly lost: number;
  readonly settings: JobSettings;
  readonly tags?: readonly string[];
  /** The job whose run enqueued this one. */
  readonly parent?: JobId;
  /** The first run had to begin by then. */
  readonly startBy?: Date;
  readonly score?: number;
  /** The job is over, and its entry in a `timed` queue comes due again at this time. */
  readonly again?: Date;
  readonly meta?: JobMeta;
  readonly queuedAt: Date;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly deleteAt?: Date;
  readonly worker?: string;
  readonly progress?: Json;
  readonly result?: Json;
  readonly error?: JobError;
  readonly history: readonly AttemptRecord[];
}

/** Version of the job document and of the Redis entry that this code writes; it reads this one and older ones. */
export const schemaVersion = 1;

export const minPriority = -10;
export const maxPriority = 10;
