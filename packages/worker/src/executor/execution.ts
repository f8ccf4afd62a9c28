import type { Due, Json, JsonObject, LimitRule, TaskFunction, TaskOptions } from "@tandemq/core";
import type { RetryRules } from "./retry-rules.js";
import type { RunRequest } from "./run-request.js";
import type { RunSettings, TaskSettings } from "./run-settings.js";
import type { AbortReason, Assignment } from "./assignment.js";
import type { LoopClock } from "./loop-clock.js";
import type { RunContext } from "./run-context.js";

/** What a registry knows of a task: the code, and its options as numbers. */
export interface LoadedTask {
  readonly path: string;
  readonly run: TaskFunction<JsonObject, unknown>;
  readonly onFailed?: TaskOptions["onFailed"];
  readonly settings: TaskSettings;
  /** Its limits, where the key of one is computed. */
  readonly limits?: readonly LimitRule[];
  /** Its options that are code; most tasks have none. */
  readonly rules?: RetryRules;
}

/** One run on its way through the steps: each step fills in what it is for. */
export interface Execution {
  readonly job: Assignment;
  /** The clock that the run's limits are read by. */
  readonly clock: LoopClock;
  task?: LoadedTask | undefined;
  params?: JsonObject | undefined;
  settings: RunSettings;
  context?: RunContext | undefined;
  /** Times of the execution's clock: when the signal is aborted, and when waiting for the run to end is over. */
  deadline: number;
  killAt: number;
  /** Why the signal was aborted, if it was. */
  stop?: AbortReason | "timeout" | undefined;
  /** How the task itself asked for the run to end: holds whatever the run does after that. */
  request?: RunRequest;
  /** Its `hardTimeout` is over. */
  hard?: boolean;
  /** The task's word on its entry's next time, in a timed queue. */
  again?: Due | false;
  /** The hard limit passed and was reported. */
  stuck?: boolean;
  /** How it ends is known. */
  ended?: boolean;
  /** Nothing of it is left to do, its task's `onFailed` included: whatever runs on is nobody's. */
  over?: boolean;
  /** Where it stands among those of its executor. */
  place?: number;
  /** The task wrote the success itself, with this result, in a transaction that may have committed. */
  completed?: { readonly result?: Json };
}
