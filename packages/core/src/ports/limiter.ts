import type { JobId, JobRef, Token } from "../model/job.js";

/** The figures of one limit. Times in milliseconds. */
export interface LimitFigures {
  /** Starts in any window of `per` milliseconds. */
  readonly max?: number;
  readonly per?: number;
  /** Runs at a time. */
  readonly concurrency?: number;
}

/** A job that wants to start under a limit. */
export interface LimitAsk extends LimitFigures {
  /** Name of the limit: all who ask under one name share it. */
  readonly limit: string;
  readonly job: JobRef;
  /** The delivery that asks: what holds the place. */
  readonly token: Token;
  /**
   * The job may be let go so many milliseconds before its start: who claimed it holds it until then. Default: 0. A limiter
   * need not make use of it.
   */
  readonly early?: number;
}

/**
 * `go`: the start is counted and the place is held; with `ms`, the start is in so many milliseconds. Otherwise the job is to be given back for `ms` milliseconds: a start
 * is reserved for it then, or, where it waits for a place, it is told earlier by the release that frees one. `0`: it might
 * start, but as many go as were asked for.
 */
export type LimitAnswer =
  | { readonly state: "go"; readonly ms?: number }
  | { readonly state: "wait"; readonly ms: number };

/** A place that a delivery holds, or a start that was counted for it. */
export interface LimitHold {
  readonly limit: string;
  readonly id: JobId;
  readonly token: Token;
  readonly concurrency?: number;
  /** The job did not start after all: its start is not counted. */
  readonly undo?: boolean;
}

/**
 * Counts starts and runs for all workers of a deployment. All times are the store's own.
 *
 * Promises, by the contract suite: never more than `max` starts in any window of `per` milliseconds, never more than
 * `concurrency` places held; a place that is not extended is free again after its lease; asking again with the same job
 * takes over its own place.
 */
export interface Limiter {
  /**
   * Answers in the order of the question.
   *
   * @param room most that may go under one limit. Default: all
   */
  ask(asks: readonly LimitAsk[], lease: number, room?: number): Promise<LimitAnswer[]>;
  /** Holds places for another lease. Those that are not held any more stay so. */
  extend(holds: readonly LimitHold[], lease: number): Promise<void>;
  /**
   * Frees places, and keeps each for the job that has waited longest. Those jobs are returned: make them due now. The
   * place of one that will not come is freed by its id and the token `""`.
   */
  release(holds: readonly LimitHold[]): Promise<JobRef[]>;
  /**
   * Limits under which jobs wait for a place, at most so many, others at each call while there are more. Released like a
   * hold, each gives the places that nobody has to those that wait: whoever should have called them may be dead.
   */
  waiting(most: number): Promise<LimitHold[]>;
  /**
   * One action of a sliding window of `per` milliseconds: how many were still free, this one included. 0: none was, and
   * nothing was counted.
   */
  take(limit: string, max: number, per: number): Promise<number>;
}

/** How long a place is kept for the job that is told of it, milliseconds. */
export const placeKeptFor = 5_000;

/** A hold of nothing: released, it calls those that wait under the limit. */
export function lineOf(limit: string, concurrency: number | undefined): LimitHold {
  return { limit, id: "", token: "", ...(concurrency === undefined ? {} : { concurrency }) };
}
