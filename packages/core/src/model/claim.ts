import type { Due, Hold, Job, JobSettings, UniqueKey, JobMeta } from "./job.js";
import type { PathFilter } from "../rules/path-filter.js";
import type { JobError } from "./job-error.js";
import type { Json } from "./json.js";
import type { FailureStatus } from "./status.js";

/** One delivery of a job: what a claimer got, as the job was at the moment of the claim. */
export interface Claim extends Hold {
  readonly path: string;
  /** The params as JSON text. A broker hands it on unread where it can; the executor parses it. */
  readonly params: string;
  readonly priority: number;
  readonly generation: number;
  /** The run that begins now, from 1: earlier runs that the task itself ended, plus one. */
  readonly attempt: number;
  /** Claims of this job, this one included. */
  readonly deliveries: number;
  /** Earlier deliveries whose worker or child died. */
  readonly lost: number;
  readonly settings: JobSettings;
  readonly key?: UniqueKey;
  readonly tags?: readonly string[];
  readonly parent?: string;
  /** The first run must begin by then: milliseconds since the epoch, by the broker's clock. */
  readonly startBy?: number;
  readonly score?: number;
  /** Enqueued as `seen`, or held before by somebody who was about to end it: a store may know how it ended. */
  readonly seen?: true;
  /** Its queue is of kind `timed`: the entry may stay after the run. */
  readonly timed?: true;
  readonly meta?: JobMeta;
  /** Milliseconds since the epoch, by the broker's clock (of the producer, for documents of a foreign one). */
  readonly queuedAt: number;
  /** The broker's time of this claim, milliseconds since the epoch. */
  readonly claimedAt: number;
}

/** An entry that cannot be a job: taken out of the queue's way, kept where an operator sees it. */
export interface SetAside {
  readonly queue: string;
  readonly id: string;
  /** What is wrong, as a sentence. */
  readonly reason: string;
  /** The failed job that tells of it, with what can be read of it; absent where the store keeps it so itself. */
  readonly job?: Job;
}

export interface ClaimRequest {
  /** Queues to claim from; at most 100 per store request, more are split by the broker. */
  readonly queues: readonly string[];
  /** Most jobs to return, at least 1. */
  readonly max: number;
  /** Milliseconds after which the job comes due again unless extended. */
  readonly lease: number;
  /** The claiming worker's session: unique per process start. Tokens are made of it, and jobs show it as `worker`. */
  readonly worker: string;
  /** Tasks whose jobs are handed out; the others stay in line. Left out: all. */
  readonly paths?: PathFilter;
  /** The queues are asked in their order, each for all that is still free. Left out: all get equal shares. */
  readonly inOrder?: boolean;
  /**
   * Asked of jobs that were taken, before anything says that they start: which may? Those that may not are given back
   * as if they had not been taken, and others are taken in their stead. Left out: all may.
   */
  readonly admit?: Admit;
  /** Unique keys until the start stay taken until `begin`. Always so with `admit`: what it gives back has not started. */
  readonly keepsKeys?: boolean;
}

/**
 * For each of the claims: 0, it may start; else the milliseconds for which it is given back, below 0 for at once.
 *
 * @param room most that may start
 */
export type Admit = (claims: readonly Claim[], room: number) => Promise<readonly number[]>;

/** A job that was claimed and ended in its store, without being handed out: it had expired, or cannot be decoded. */
export interface EndedClaim {
  readonly claim: Claim;
  readonly outcome: FailureOutcome;
}

export interface ClaimAnswer {
  readonly claims: readonly Claim[];
  readonly setAside: readonly SetAside[];
  /** Jobs that this claim itself ended; left out: none. */
  readonly ended?: readonly EndedClaim[];
  /** There may be more that are due, although fewer came than were asked for. */
  readonly more?: boolean;
}

/** How a delivery ended. */
export type Outcome = SuccessOutcome | FailureOutcome | RetryOutcome | GiveBackOutcome;

export interface SuccessOutcome {
  readonly status: "success";
  readonly result?: Json;
  /** The task has ended the job itself, in a transaction of its own: only where that did not commit, this is settled. */
  readonly otherwise?: Outcome;
  /** In a `timed` queue: when the entry comes due again, or that it goes. Default: as the queue's rule says. */
  readonly again?: Due | false;
}

export interface FailureOutcome {
  readonly status: FailureStatus;
  readonly error: JobError;
  /** As of a success. */
  readonly again?: Due | false;
}

/** The task ended this run and may try again: due after `delay` milliseconds, by the broker's clock. */
export interface RetryOutcome {
  readonly status: "retry";
  readonly delay: number;
  readonly error?: JobError;
  /** The queue it waits in from now on: another one of the same mode. Its unique key goes along, unless it is another's there. */
  readonly queue?: string;
  /** Its priority from now on. */
  readonly priority?: number;
}

/**
 * The delivery is given back, no attempt consumed: due at once, or after `delay` milliseconds by the broker's clock, and
 * then in front of those queued after it.
 */
export interface GiveBackOutcome {
  readonly status: "interrupt";
  /** The child that held it died: the loss is counted. */
  readonly lost?: boolean;
  readonly delay?: number;
  /** It was held back before it ran, by a limit or for want of a slot: its history says nothing of this delivery. */
  readonly limited?: boolean;
  /** The executor's question, no broker's business: may a job with these keys start under its task's limits? */
  readonly limitKeys?: readonly (string | null)[];
}

export interface Settlement extends Hold {
  readonly outcome: Outcome;
  readonly generation?: number;
  /** Milliseconds a final job is kept where finished jobs are stored. Default: the broker's own (7 days). */
  readonly keep?: number;
}

/**
 * `settled`: done, now or by an earlier call with the same token. `lost`: another delivery, or an end by somebody else,
 * came first; nothing was changed. Where both are true (settled by this token, then cancelled, requeued
 * or deleted) either may be answered. `refused`: the store cannot hold this outcome; nothing was changed, the delivery
 * is still held and can be settled otherwise.
 */
export type SettleAnswer =
  | {
      readonly state: "settled";
      /** What was settled, where it is not what was asked first. */
      readonly as?: Outcome;
    }
  | { readonly state: "lost" }
  | { readonly state: "refused"; readonly error: Error };

/** How far the run of a delivery is, as its task says. */
export interface ProgressUpdate extends Hold {
  readonly progress: Json;
}

export type ExtendAnswer = "extended" | "lost";

export function isGiveBack(outcome: Outcome): outcome is GiveBackOutcome {
  return outcome.status === "interrupt";
}

export function isRetry(outcome: Outcome): outcome is RetryOutcome {
  return outcome.status === "retry";
}

export function isSuccess(outcome: Outcome): outcome is SuccessOutcome {
  return outcome.status === "success";
}

/** Whether a settlement with this outcome ends the job. */
export function endsJob(outcome: Outcome): outcome is SuccessOutcome | FailureOutcome {
  return outcome.status !== "retry" && outcome.status !== "interrupt";
}

/** Whether a run with this outcome was ended by the task itself and so consumes an attempt. */
export function consumesAttempt(outcome: Outcome): boolean {
  return outcome.status !== "interrupt";
}
