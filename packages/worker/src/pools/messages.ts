import type { Completion, JobError, Json, Outcome, NewJob } from "@tandemq/core";
import type { AbortReason, Assignment, Ended, LogLine } from "../executor/assignment.js";
import type { Action, TakeAnswer } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import type { Catalog, TaskFault } from "../tasks/task-registry.js";
import type { TaskSetup } from "./task-files.js";

/** What neighbours in a batch mostly have in common. */
export type WireKind = Omit<Assignment, "n" | "id" | "params" | "token">;

/** Jobs on their way to a child that differ in little. */
export interface WireGroup {
  readonly kind: WireKind;
  /** Of each job its number, its id, and the length of its params: the next UTF-16 units of the frame's body. */
  readonly jobs: readonly (number | string)[];
  /** Of each job, where its task may complete it. */
  readonly tokens?: readonly string[];
}

export type ToChild =
  | {
      readonly t: "load";
      readonly files: readonly string[];
      readonly cwd: string;
      readonly killAfter: number;
      /** Jobs at a time. */
      readonly slots: number;
      readonly setup: TaskSetup;
      readonly faults: readonly TaskFault[];
      readonly completion?: Completion;
    }
  | { readonly t: "run"; readonly groups: readonly WireGroup[] }
  | { readonly t: "abort"; readonly ns: readonly number[]; readonly reason: AbortReason }
  /** What was sent before and has not begun was taken back; what follows may begin. */
  | { readonly t: "reopen" }
  /** What became of the jobs of one `enqueue`. */
  | { readonly t: "enqueued"; readonly call: number; readonly answers: readonly SubJobAnswer[] }
  /** What a limit answered to one action. */
  | { readonly t: "taken"; readonly call: number; readonly answer: TakeAnswer }
  /** Ends the child; sent when nothing runs there. */
  | { readonly t: "close" };

/** What task code did since the last batch. */
export interface Batch {
  readonly t: "batch";
  /** Runs that succeeded without a result. */
  readonly done?: readonly number[];
  /** Runs that succeeded with one: number, result, number, result and so on. */
  readonly results?: readonly Json[];
  /** All others. */
  readonly ended?: readonly Ended[];
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
  /** It has heard that what waited was taken back. */
  | { readonly t: "reopened" }
  /** A run passed its hard limit and does not end. */
  | { readonly t: "stuck"; readonly n: number; readonly outcome?: Outcome }
  /** The process ends now. `n`: the run that did it; 0: code of a run that is over; absent: unknown. */
  | { readonly t: "ending"; readonly why: string; readonly n?: number; readonly error?: JobError };

/** Lines of the watch thread, which speaks while the main thread is held. */
export type FromWatch =
  | { readonly t: "stats"; readonly rss: number; readonly cpu: number; readonly delay: number }
  | { readonly t: "blocked"; readonly ms: number; readonly n?: number; readonly stack?: readonly string[] }
  | { readonly t: "free"; readonly ms: number }
  /** What waits is taken back: of all jobs that were ever sent, so many have begun. */
  | { readonly t: "recalled"; readonly begun: number }
  | { readonly t: "stuck"; readonly n: number };
