import type { JobId, NewJob } from "../model/job.js";
import type { TransactionSession } from "./session.js";

/**
 * Where jobs wait whose queue is in another store than the transaction that enqueues them. Once it has committed, a
 * relay takes them, puts them into their queue, and then deletes them here.
 */
export interface Outbox {
  start(): Promise<void>;
  /**
   * Keeps the jobs when the transaction commits; delays count from now.
   *
   * @param ended called when the session has ended: there may be something to relay
   */
  add(session: TransactionSession, jobs: readonly NewJob[], ended: () => void): Promise<void>;
  /** Hands out jobs; each comes again after `lease` milliseconds unless deleted. */
  take(max: number, lease: number): Promise<readonly NewJob[]>;
  delete(ids: readonly JobId[]): Promise<void>;
}
