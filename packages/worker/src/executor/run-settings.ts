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
import { forbidsAfterTimeout } from "./retry-rules.js";

/** What holds for one run, after job, task, queue and defaults were asked in this order. All times in milliseconds. */
export interface RunSettings {
  readonly attempts: number;
  readonly timeout: number;
  readonly hardTimeout?: number;
  readonly backoff: Backoff;
  /** A timeout is never followed by another attempt. */
  readonly oneTimeout?: boolean;
}

/** Options of a task as plain numbers: what a supervisor that never loads task code knows of it. */
export interface TaskSettings extends JobSettings {
  readonly keepResults?: number;
  readonly keepFailures?: number;
  /** In the order of the options. Key `null`: only the task's code can tell it. */
  readonly limits?: readonly (LimitFigures & { readonly key: string | null })[];
  readonly oneTimeout?: boolean;
  /** It has an `onFailed`. */
  readonly hasOnFailed?: boolean;
}

const none: JobSettings = Object.freeze({});

/** Most jobs have the settings of the one before them. */
let last: { readonly job: JobSettings; readonly task: TaskSettings; readonly queue: JobSettings } | undefined;
let lastSettings: RunSettings | undefined;

export function runSettings(job: JobSettings, task: TaskSettings = none, queue: JobSettings = none): RunSettings {
  const own = isEmpty(job) ? none : job;
  if (lastSettings && last?.job === own && last.task === task && last.queue === queue) return lastSettings;
  last = { job: own, task, queue };
  lastSettings = merged(own, task, queue);
  return lastSettings;
}

function isEmpty(settings: JobSettings): boolean {
  for (const _ in settings) return false;
  return true;
}

function merged(job: JobSettings, task: TaskSettings, queue: JobSettings): RunSettings {
  const hardTimeout = job.hardTimeout ?? task.hardTimeout ?? queue.hardTimeout;
  return {
    attempts: job.attempts ?? task.attempts ?? queue.attempts ?? defaults.attempts,
    timeout: job.timeout ?? task.timeout ?? queue.timeout ?? defaults.timeout,
    backoff: job.backoff ?? task.backoff ?? queue.backoff ?? defaultBackoff,
    ...(hardTimeout === undefined ? {} : { hardTimeout }),
    ...(task.oneTimeout ? { oneTimeout: true } : {}),
  };
}

/** Milliseconds after which a run's signal is aborted: a hard limit that is shorter than the timeout counts as both. */
export function softLimit({ timeout, hardTimeout = timeout }: RunSettings): number {
  return Math.min(timeout, hardTimeout);
}

export function taskSettings(options: TaskOptions): TaskSettings {
  const { attempts, backoff, timeout, hardTimeout, isolate, keepResults, keepFailures, limit, onFailed } = options;
  return {
    ...(attempts === undefined ? {} : { attempts }),
    ...(backoff === undefined || typeof backoff === "function" ? {} : { backoff: backoffOf(backoff) }),
    ...(timeout === undefined ? {} : { timeout: toMs(timeout) }),
    ...(hardTimeout === undefined ? {} : { hardTimeout: toMs(hardTimeout) }),
    ...(isolate === true ? { isolate } : {}),
    ...(forbidsAfterTimeout(options) ? { oneTimeout: true } : {}),
    ...(onFailed ? { hasOnFailed: true } : {}),
    ...(keepResults === undefined ? {} : { keepResults: toMs(keepResults) }),
    ...(keepFailures === undefined ? {} : { keepFailures: toMs(keepFailures) }),
    ...(limit === undefined ? {} : { limits: limitRules(limit, "limit").map(tellable) }),
  };
}

/** A limit as it can be told to another process. */
function tellable({ key, ...figures }: LimitRule): LimitFigures & { key: string | null } {
  return { ...figures, key: typeof key === "string" ? key : null };
}
