import type { Middleware, TaskRules } from "@tandemq/core";
import type { Execution, LoadedTask } from "./execution.js";
import { runSettings } from "./run-settings.js";

export interface TaskSource {
  /** Around what the runs enqueue; what stands around the runs themselves is in their code already. */
  readonly middleware?: readonly Middleware[];
  /** What the configuration says of tasks. */
  readonly rules?: TaskRules;
  /** @throws TaskNotFoundError saying what is known nearby; TaskLoadError when its file could not be imported */
  resolve(path: string): LoadedTask;
}

/** First step: finds the code, and with it the options that hold for this run. */
export function resolveTask(execution: Execution, tasks: TaskSource): void {
  const { job } = execution;
  execution.task = tasks.resolve(job.path);
  execution.settings = runSettings(job.settings, execution.task.settings, job.queueSettings);
}
