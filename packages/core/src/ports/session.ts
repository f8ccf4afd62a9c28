import type { Hold } from "../model/job.js";
import type { Json } from "../model/json.js";

/**
 * A transaction of the caller's own, opaque here: a `ClientSession` of the MongoDB driver with a transaction in
 * progress, of whatever client of the same deployment.
 */
export interface TransactionSession {
  inTransaction(): boolean;
}

/** How the code that runs tasks completes a job within a transaction of the task's own. */
export interface Completion {
  /** File URL of a module that exports `complete`, a {@link Complete}. */
  readonly module: string;
  /** Given to it: plain data. */
  readonly options: Readonly<Record<string, string>>;
}

/**
 * Writes the success of a held job into the transaction. Returns whether the job is still held.
 * @throws NotSupportedError, InvalidOptionError; errors of the transaction itself as the driver throws them
 */
export type Complete = (
  session: TransactionSession,
  hold: Hold,
  success: { readonly result?: Json; readonly keep?: number },
  options: Completion["options"],
) => Promise<boolean>;
