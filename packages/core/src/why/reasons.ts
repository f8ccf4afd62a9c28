import type { JobId } from "../model/job.js";
import type { JobError } from "../model/job-error.js";
import type { FinalStatus } from "../model/status.js";

/** Why a job does not run now; `sentence` says it to a person. */
export type WhyReason = { readonly sentence: string } & (
  | { readonly reason: "final"; readonly status: FinalStatus; readonly at?: Date; readonly error?: JobError }
  /** It does run: where, and since when. `pid` 0: in the worker's own process. */
  | {
      readonly reason: "running";
      readonly worker?: string;
      readonly host?: string;
      readonly pid?: number;
      readonly since?: Date;
    }
  /** Its worker has not been heard of since its lease ended: the next free slot gets it. */
  | { readonly reason: "lapsed"; readonly worker?: string; readonly since?: Date }
  | { readonly reason: "paused"; readonly queue: string }
  | { readonly reason: "not due"; readonly until: Date; readonly because: "delay" | "retry" | "snooze" }
  | {
      readonly reason: "limited";
      readonly kind?: "rate" | "concurrency";
      readonly key?: string;
      readonly until?: Date;
    }
  | { readonly reason: "no worker"; readonly queue: string; readonly workers: number }
  /** None of the workers on its queue knows its task. */
  | { readonly reason: "unknown task"; readonly path: string; readonly workers: number }
  /** Every worker that could run it leaves its task to others, by its own task lists. */
  | { readonly reason: "filtered"; readonly path: string; readonly workers: number }
  /** Every worker that could run it has no free slot. */
  | { readonly reason: "busy"; readonly workers: number; readonly slots: number }
  /** Nothing is in its way: it starts as soon as those before it have. */
  | { readonly reason: "in line"; readonly queued: number }
);

/** The answer to "why is this job not running?". */
export interface Why {
  readonly id: JobId;
  readonly queue: string;
  readonly path: string;
  /** At least one; the first is the one to mend first. */
  readonly reasons: readonly WhyReason[];
}
