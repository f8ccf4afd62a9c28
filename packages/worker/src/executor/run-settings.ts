import {
  type Backoff,
  type JobSettings,
  type LimitFigures,
  type LimitRule,
  type TaskOptions,
  backoffOf,
  defaultBackoff,
  defaults,
  limitRules,
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
  /** In the order of the options. Key `null`: only the task's code can tell it. */
  readonly limits?: readonly (LimitFigures & { readonly key: string | null })[];
}

export function runSettings(job: JobSettings, task: JobSettings = {}): RunSettings {
  return {
    attempts: job.attempts ?? task.attempts ?? defaults.attempts,
    timeout: job.timeout ?? task.timeout ?? defaults.timeout,
    backoff: job.backoff ?? task.backoff ?? defaultBackoff,
  };
}

export function taskSettings(options: TaskOptions): TaskSettings {
  const { attempts, backoff, timeout, keepResults, keepFailures, limit } = options;
  return {
    ...(attempts === undefined ? {} : { attempts }),
    ...(backoff === undefined ? {} : { backoff: backoffOf(backoff) }),
    ...(timeout === undefined ? {} : { timeout: toMs(timeout) }),
    ...(keepResults === undefined ? {} : { keepResults: toMs(keepResults) }),
    ...(keepFailures === undefined ? {} : { keepFailures: toMs(keepFailures) }),
    ...(limit === undefined ? {} : { limits: limitRules(limit, "limit").map(tellable) }),
  };
}

/** A limit as it can be told to another process. */
function tellable({ key, ...figures }: LimitRule): LimitFigures & { key: string | null } {
  return { ...figures, key: typeof key === "string" ? key : null };
}
