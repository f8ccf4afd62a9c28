import type { JobId } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import type { JobContext } from "./job-context.js";

/** A job that is about to be enqueued. */
export interface JobDraft {
  readonly id: JobId;
  readonly path: string;
  readonly queue: string;
  readonly params: JsonObject;
  readonly parent?: JobId;
  /** Goes with the job to its runs, as `job.meta`. May be written to until `next` is called. */
  readonly meta: Record<string, string>;
}

/**
 * Code around every enqueue and every run: for traces, metrics, error reports. The first of several is the outermost.
 */
export interface Middleware {
  /** Stands in errors. */
  readonly name?: string;
  /** Around the enqueueing of one job. `next` resolves when the store has it; what is thrown instead goes to the caller. */
  enqueue?(job: JobDraft, next: () => Promise<void>): Promise<void>;
  /**
   * Around a run. `next` runs the task, after its params were validated, and resolves with what it returned; what this
   * function returns, or throws, is what the run came to.
   */
  run?(job: JobContext, next: () => Promise<unknown>): Promise<unknown>;
}
