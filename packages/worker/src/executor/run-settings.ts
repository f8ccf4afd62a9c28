import {
  type Backoff,
  type JobSettings,
  type TaskOptions,
  backoffOf,
  defaultBackoff,
  defaults,
  toMs,
} from "@tandemq/core";

/** What holds for one run, after job, task and defaults were asked in this order. All times in milliseconds. */
export interface RunSettings {
  readonly attempts: number;
  readonly timeout: number;
  readonly backoff: Backoff;
}

/** Options of a task as plain numbers: what a supervisor that never loads task code knows of it. */
export interface TaskSettings extends JobSettings {
  readonly keepResults?: number;
  readonly keepFailures?: number;
}

export function runSettings(job: JobSettings, task: JobSettings = {}): RunSettings {
  return {
    attempts: job.attempts ?? task.attempts ?? defaults.attempts,
    timeout: job.timeout ?? task.timeout ?? defaults.timeout,
    backoff: job.backoff ?? task.backoff ?? defaultBackoff,
  };
}

export function taskSettings(options: TaskOptions): TaskSettings {
  const { attempts, backoff, timeout, keepResults, keepFailures } = options;
  return {
    ...(attempts === undefined ? {} : { attempts }),
    ...(backoff === undefined ? {} : { backoff: backoffOf(backoff) }),
    ...(timeout === undefined ? {} : { timeout: toMs(timeout) }),
    ...(keepResults === undefined ? {} : { keepResults: toMs(keepResults) }),
    ...(keepFailures === undefined ? {} : { keepFailures: toMs(keepFailures) }),
  };
}
