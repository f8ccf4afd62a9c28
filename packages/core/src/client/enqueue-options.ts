import { InvalidOptionError } from "../errors/errors.js";
import {
  type Backoff,
  type Due,
  type JobId,
  type JobMeta,
  type JobSettings,
  maxPriority,
  minPriority,
  type OnDuplicate,
} from "../model/job.js";
import { isJobId } from "../model/job-id.js";
import { checkMeta } from "../rules/check-meta.js";
import { checkTags } from "../rules/check-tags.js";
import { defaultBackoff } from "../rules/backoff.js";
import type { TransactionSession } from "../ports/session.js";
import { showValue } from "../options/show-value.js";
import { type Duration, toMs } from "../rules/duration.js";
import { timeOf } from "../rules/time-of.js";
import { checkInteger, checkTaskOptions, refuseUnknown } from "../tasks/check-task-options.js";
import type { BackoffOptions } from "../tasks/task.js";
import { checkKey, type KeyOptions } from "./key-options.js";

/** What a producer may say of one job. What is left out, the task's own options decide. */
export interface EnqueueOptions {
  /** Default: the task's queue, else `default`. */
  readonly queue?: string;
  /** Runs no earlier than so long after now, by the store's clock. */
  readonly delay?: Duration;
  /** Runs no earlier than this time (a date, or milliseconds since the epoch). A time in the past runs now. */
  readonly at?: Date | number;
  /**
   * A job whose first run has not begun by then (a date, or so long after now) never runs: it ends as `expired` when its
   * turn comes. Default: it waits for ever.
   */
  readonly startBy?: Date | Duration;
  /**
   * Unique per queue: while the key is taken, a further enqueue makes no job and is answered with the one that has it. A
   * text is taken until the job starts.
   */
  readonly key?: string | KeyOptions;
  /**
   * What happens when the key is taken by a job that waits. `keep`: nothing. `replace`: it gets the params, priority, due
   * time and all else of the new one; its id and its parent stay. `extend`: it comes due when the new one would. Default: `keep`.
   */
  readonly onDuplicate?: OnDuplicate;
  /** −10 … 10, higher first. Default: the task's, else 0. */
  readonly priority?: number;
  /** The place of the job in a queue of kind `sorted`: the lowest score is first. */
  readonly score?: number;
  readonly attempts?: number;
  readonly backoff?: BackoffOptions;
  readonly timeout?: Duration;
  /** The process of a run that goes on after this time is killed. Default: the task's. */
  readonly hardTimeout?: Duration;
  /** The job runs alone in a child process. Default: the task's. */
  readonly isolate?: boolean;
  readonly tags?: readonly string[];
  /** The job's id, 24 hexadecimal digits: enqueued twice with one id, it is one job. Default: a new one. */
  readonly id?: string;
  /**
   * A `ClientSession` of the MongoDB driver with a transaction in progress: the job is there when it commits, and never
   * otherwise. Raw and no-storage jobs are relayed to Redis by the workers, a moment later.
   */
  readonly session?: TransactionSession;
  /** The job that this one belongs to. A job that is enqueued by a run has that run's job as parent. */
  readonly parent?: JobId;
  /** Small texts that travel with the job and are read as `job.meta`: at most 20 of 1,000 characters. */
  readonly meta?: JobMeta;
}

const known: readonly (keyof EnqueueOptions)[] = [
  "queue",
  "delay",
  "at",
  "startBy",
  "key",
  "onDuplicate",
  "priority",
  "score",
  "attempts",
  "backoff",
  "timeout",
  "hardTimeout",
  "isolate",
  "tags",
  "id",
  "session",
  "parent",
  "meta",
];

const onDuplicates: readonly OnDuplicate[] = ["keep", "replace", "extend"];

/** @throws InvalidOptionError for the first option that is unknown or out of its range */
export function checkEnqueueOptions(options: EnqueueOptions): void {
  refuseUnknown(options, known, "enqueue");
  const {
    delay: _delay,
    at,
    startBy: _startBy,
    key,
    onDuplicate,
    tags,
    priority,
    score,
    id,
    session,
    parent,
    meta,
    ...asTask
  } = options;
  checkTaskOptions(asTask, "enqueue");
  if (typeof options.backoff === "function") {
    throw new InvalidOptionError("enqueue: backoff: a function is an option of tasks only: give { type, delay, … }");
  }
  if (options.delay !== undefined && at !== undefined) {
    throw new InvalidOptionError("enqueue: give either delay or at, not both");
  }
  if (priority !== undefined) checkInteger(priority, minPriority, maxPriority, "enqueue: priority");
  if (score !== undefined && !Number.isFinite(score)) {
    throw new InvalidOptionError(`enqueue: score: expected a finite number, got ${showValue(score)}`);
  }
  if (key !== undefined) checkKey(key);
  if (onDuplicate !== undefined) checkOnDuplicate(onDuplicate, key);
  if (tags !== undefined) checkTags(tags, "enqueue");
  if (id !== undefined && !isJobId(id)) {
    throw new InvalidOptionError(`enqueue: id: expected 24 hexadecimal digits, got ${showValue(id)}`);
  }
  if (session !== undefined) checkSession(session, options);
  if (parent !== undefined) checkParent(parent, id);
  if (meta !== undefined) checkMeta(meta, "enqueue: meta");
}

function checkOnDuplicate(onDuplicate: OnDuplicate, key: EnqueueOptions["key"]): void {
  if (!onDuplicates.includes(onDuplicate)) {
    throw new InvalidOptionError(
      `enqueue: onDuplicate: expected ${onDuplicates.join(", ")}, got ${showValue(onDuplicate)}`,
    );
  }
  if (key === undefined && onDuplicate !== "keep") {
    throw new InvalidOptionError(`enqueue: onDuplicate: "${onDuplicate}" needs a key: what else is a duplicate?`);
  }
}

/** A job's id is new, or given; what is given must not make it its own parent. */
function checkParent(parent: unknown, id: string | undefined): void {
  if (!isJobId(parent)) {
    throw new InvalidOptionError(`enqueue: parent: ${showValue(parent)} is not a job id: 24 hexadecimal digits`);
  }
  if (parent === id) throw new InvalidOptionError("enqueue: parent: a job cannot be its own parent");
}

function checkSession(session: TransactionSession, { onDuplicate = "keep" }: EnqueueOptions): void {
  if (typeof session?.inTransaction !== "function" || !session.inTransaction()) {
    throw new InvalidOptionError(
      "enqueue: session: expected a ClientSession of MongoDB with a transaction in progress",
    );
  }
  if (onDuplicate !== "keep") throw new InvalidOptionError('enqueue: onDuplicate: only "keep" goes with a session');
}

/** @throws InvalidOptionError when the delay or the date is not valid */
export function dueOf(options: Pick<EnqueueOptions, "at" | "delay">): Due {
  if (options.at !== undefined) return { at: timeOf(options.at, "enqueue: at") };
  return {
    after: options.delay === undefined ? 0 : toMs(options.delay, "enqueue: delay"),
  };
}

/**
 * @throws InvalidOptionError when it is not valid, or earlier than the time at which the job comes due
 */
export function startByOf(options: EnqueueOptions): Due | undefined {
  const { startBy } = options;
  if (startBy === undefined) return undefined;
  const limit: Due =
    startBy instanceof Date
      ? { at: timeOf(startBy, "enqueue: startBy") }
      : { after: toMs(startBy, "enqueue: startBy") };
  if (isBefore(limit, dueOf(options))) {
    throw new InvalidOptionError("enqueue: startBy: the job comes due later than that: it could never run");
  }
  return limit;
}

/** Only times of one sort can be compared: the rest is for the store's clock. */
function isBefore(limit: Due, due: Due): boolean {
  if ("at" in limit) return "at" in due && limit.at < due.at;
  return "after" in due && limit.after < due.after;
}

/** The settings that go with the job, or `undefined` when the producer fixed none. */
export function settingsOf(options: EnqueueOptions): JobSettings | undefined {
  const { attempts, timeout, hardTimeout, isolate, backoff } = options;
  if ((attempts ?? timeout ?? hardTimeout ?? isolate ?? backoff) === undefined) return undefined;
  return {
    ...(attempts !== undefined ? { attempts } : {}),
    ...(timeout !== undefined ? { timeout: toMs(timeout, "timeout") } : {}),
    ...(hardTimeout !== undefined ? { hardTimeout: toMs(hardTimeout, "hardTimeout") } : {}),
    ...(isolate !== undefined ? { isolate } : {}),
    ...(backoff !== undefined ? { backoff: backoffOf(backoff) } : {}),
  };
}

/** Options as a task author writes them, in milliseconds and with their defaults. */
export function backoffOf(options: BackoffOptions): Backoff {
  return {
    type: options.type ?? defaultBackoff.type,
    delay: options.delay === undefined ? defaultBackoff.delay : toMs(options.delay, "backoff.delay"),
    max: options.max === undefined ? defaultBackoff.max : toMs(options.max, "backoff.max"),
    jitter: options.jitter ?? defaultBackoff.jitter,
  };
}
