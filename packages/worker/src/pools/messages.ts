import type { Completion, JobError, Json, Outcome, NewJob } from "@tandemq/core";
import type { AbortReason, Assignment, Ended, LogLine } from "../executor/assignment.js";
import type { Action, TakeAnswer } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import type { Catalog, TaskFault } from "../tasks/task-registry.js";
import type { TaskSetup } from "./task-files.js";

/** A job on its way to a child: its params are the next `length` UTF-16 units of the frame's body. */
export type WireJob = Omit<Assignment, "params"> & { readonly length: number };

export type ToChild =
  | {
      readonly t: "load";
      readonly files: readonly string[];
      readonly cwd: string;
      readonly killAfter: number;
      readonly setup: TaskSetup;
      readonly faults: readonly TaskFault[];
      readonly completion?: Completion;
    }
  | { readonly t: "run"; readonly jobs: readonly WireJob[] }
  | { readonly t: "abort"; readonly ns: readonly number[]; readonly reason: AbortReason }
  /** What became of the jobs of one `enqueue`. */
  | { readonly t: "enqueued"; readonly call: number; readonly answers: readonly SubJobAnswer[] }
  /** What a limit answered to one action. */
  | { readonly t: "taken"; readonly call: number; readonly answer: TakeAnswer }
  /** Ends the child; sent when nothing runs there. */
  | { readonly t: "close" };

/** What task code did since the last batch. */
export interface Batch {
  readonly t: "batch";
  readonly ended: readonly Ended[];
  readonly progress?: readonly (readonly [n: number, value: Json])[];
  readonly logs?: readonly LogLine[];
}

export type FromChild =
  | Batch
  /** Runs add these jobs, and wait for the answer to this call. */
  | { readonly t: "enqueue"; readonly call: number; readonly jobs: readonly NewJob[] }
  /** A run asks a limit for one action, and waits for the answer to this call. */
  | { readonly t: "take"; readonly call: number; readonly action: Action }
  | { readonly t: "importing"; readonly file: string }
  | { readonly t: "ready"; readonly catalog: Catalog; readonly faults: readonly TaskFault[] }
  /** The child cannot work: two tasks of one path. */
  | { readonly t: "unusable"; readonly error: JobError }
  /** A run passed its hard limit and does not end. */
  | { readonly t: "stuck"; readonly n: number; readonly outcome?: Outcome }
  /** The process ends now. `n`: the run that did it; 0: code of a run that is over; absent: unknown. */
  | { readonly t: "ending"; readonly why: string; readonly n?: number; readonly error?: JobError };

/** Lines of the watch thread, which speaks while the main thread is held. */
export type FromWatch =
  | { readonly t: "stats"; readonly rss: number; readonly cpu: number; readonly delay: number }
  | { readonly t: "blocked"; readonly ms: number; readonly n?: number; readonly stack?: readonly string[] }
  | { readonly t: "free"; readonly ms: number }
  | { readonly t: "stuck"; readonly n: number };
