import type { RedactRule } from "../redact/redactor.js";
import type { Middleware } from "../tasks/middleware.js";
import type { TaskRules } from "../tasks/task-rules.js";
import type { EnqueueOptions } from "./enqueue-options.js";

export interface ClientOptions {
  /** Largest params, in bytes of JSON. Default: 1 MiB. */
  readonly maxParamsBytes?: number;
  /** What the configuration says of tasks: where it names one, its queue and priority hold here. Default: nothing. */
  readonly taskRules?: TaskRules;
  /** Around every enqueue; the first is the outermost. Default: none. */
  readonly middleware?: readonly Middleware[];
  /**
   * What is left out of every job that this client shows, results included: for programs that show jobs to people. Only
   * `consume` hands out jobs as they are, since its jobs are there to be worked on. Default: nothing.
   */
  readonly redact?: readonly RedactRule[];
}

/** Options of `enqueueMany` and `enqueueAll`: the same for all jobs, or made for each. */
export type ManyOptions<P> = EnqueueOptions | ((params: P, index: number) => EnqueueOptions);
