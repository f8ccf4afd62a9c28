import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import {
  type Deployment,
  type Duration,
  type FinalStatus,
  InvalidOptionError,
  Redactor,
  type RedactRule,
  checkInteger,
  checkPathFilter,
  checkQueueName,
  defaults,
  refuseUnknown,
  toMs,
} from "@tandemq/core";
import { type Logger, pino } from "pino";
import { strategies, type Strategy, type Weighed, weigh } from "./supervisor/claiming/queue-order.js";
import type { TaskPatterns } from "./pools/task-files.js";

/** How long a job that ended so is kept, in milliseconds; `undefined`: as long as by default. */
export type KeepRule = (
  job: { readonly queue: string; readonly path: string },
  status: FinalStatus,
) => number | undefined;

/** Options of a worker. Durations take milliseconds or text such as `"30s"`. */
export interface WorkerOptions {
  readonly deployment: Deployment;
  /** Queues to serve, or patterns such as `crawl/`. Default: all, new ones included. */
  readonly queues?: readonly string[];
  readonly tasks: TaskPatterns;
  /** Jobs at a time in each process. Default: 10. */
  readonly concurrency?: number;
  /** Child processes. 0 runs tasks in this process. Default: 1. */
  readonly processes?: number;
  /** A claimed job comes due again after this time unless extended. Default: 30 s. */
  readonly lease?: Duration;
  /** How often leases are extended. Default: 10 s, at most a third of the lease. */
  readonly extendEvery?: Duration;
  /** How long running jobs may go on after the first request to stop. Default: 25 s. */
  readonly drain?: Duration;
  /** Default: 5 s. */
  readonly heartbeat?: Duration;
  /** A job lost more often than this is set aside as failed. Default: 3. */
  readonly maxLost?: number;
  /** A run still going so long after its signal was aborted is killed with its process. Default: 10 s. */
  readonly killAfter?: Duration;
  /** When a child is replaced by a fresh one. Default: never. */
  readonly recycle?: { readonly jobs?: number; readonly memoryMb?: number; readonly after?: Duration };
  /** Stop after so many jobs, exactly. */
  readonly maxJobs?: number;
  /** Stop after this time. */
  readonly maxTime?: Duration;
  /** About how often the chores of the deployment are done; 0: never. Default: one minute. */
  readonly maintenance?: Duration;
  /** Milliseconds that a job which ended so is kept, where its task does not say it. */
  readonly keepFor?: KeepRule;
  /** What is left out of log lines, errors and progress. Default: nothing. */
  readonly redact?: readonly RedactRule[];
  /** Stop when nothing is due, nor held back by a limit for at most a minute. Default: false. */
  readonly burst?: boolean;
  /** Stop when nothing is due and nothing runs, in other workers either. Default: false. */
  readonly untilIdle?: boolean;
  /** How several queues are served; `weighted` takes queues such as `high:5`. Default: `roundRobin`. */
  readonly strategy?: Strategy;
  /** Tasks to run, by patterns such as `mail.*`; jobs of others stay in line. Default: all. */
  readonly only?: readonly string[];
  /** Tasks not to run. Default: none. */
  readonly except?: readonly string[];
  /** Ends what the worker was given, such as the deployment's connections: awaited before it counts as stopped. */
  readonly release?: () => Promise<void>;
  /** Default: a new pino logger on standard output. */
  readonly logger?: Logger;
}

/** The options with everything decided; times in milliseconds. */
export interface WorkerSettings {
  readonly deployment: Deployment;
  readonly queues: readonly string[];
  readonly tasks: TaskPatterns;
  readonly concurrency: number;
  readonly processes: number;
  readonly lease: number;
  readonly extendEvery: number;
  readonly drain: number;
  readonly heartbeat: number;
  readonly maxLost: number;
  readonly killAfter: number;
  readonly recycle: { readonly jobs?: number; readonly memoryMb?: number; readonly after?: number };
  readonly maxJobs?: number;
  readonly maxTime?: number;
  readonly maintenance: number;
  readonly keepFor?: KeepRule;
  readonly redactor?: Redactor;
  readonly burst: boolean;
  readonly untilIdle: boolean;
  readonly strategy: Strategy;
  /** The queues with their weights. */
  readonly weights: readonly Weighed[];
  readonly only: readonly string[];
  readonly except: readonly string[];
  readonly release: () => Promise<void>;
  readonly logger: Logger;
  /** Unique per worker: what claims are made under. */
  readonly session: string;
}

const known: readonly (keyof WorkerOptions)[] = [
  "deployment",
  "queues",
  "tasks",
  "concurrency",
  "processes",
  "lease",
  "extendEvery",
  "drain",
  "heartbeat",
  "maxLost",
  "killAfter",
  "recycle",
  "maxJobs",
  "maxTime",
  "maintenance",
  "keepFor",
  "redact",
  "burst",
  "untilIdle",
  "strategy",
  "only",
  "except",
  "release",
  "logger",
];

/** @throws InvalidOptionError for the first option that is unknown or out of its range */
export function workerSettings(options: WorkerOptions): WorkerSettings {
  refuseUnknown(options, known, "worker");
  const { deployment, tasks, maxJobs, maxTime, burst = false, untilIdle = false, release = async () => {} } = options;
  if (!Array.isArray(tasks?.patterns) || typeof tasks.cwd !== "string") {
    throw new InvalidOptionError("worker: tasks: expected { patterns: [globs], cwd: folder }");
  }
  const serving = servingSettings(options);
  if (maxJobs !== undefined) checkInteger(maxJobs, 1, Number.MAX_SAFE_INTEGER, "worker: maxJobs");
  return {
    ...{ deployment, tasks, burst: burst || untilIdle, untilIdle, release },
    ...serving,
    concurrency: integer(options, "concurrency", 1, 10_000),
    processes: integer(options, "processes", 0, 1000),
    maxLost: integer(options, "maxLost", 0, 1000),
    ...times(options),
    recycle: recycleSettings(options.recycle ?? {}, options.processes),
    ...(options.redact?.length ? { redactor: new Redactor(options.redact) } : {}),
    ...(options.keepFor ? { keepFor: options.keepFor } : {}),
    ...(maxJobs === undefined ? {} : { maxJobs }),
    ...(maxTime === undefined ? {} : { maxTime: toMs(maxTime, "worker: maxTime") }),
    logger: options.logger ?? pino({ name: "tandemq" }),
    session: `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`,
  };
}

type Serving = Pick<WorkerSettings, "queues" | "strategy" | "weights" | "only" | "except">;

function servingSettings({ queues = [], strategy = "roundRobin", only = [], except = [] }: WorkerOptions): Serving {
  if (!strategies.includes(strategy))
    throw new InvalidOptionError(
      `worker: strategy: expected one of ${strategies.join(", ")}, got ${JSON.stringify(strategy)}`,
    );
  if (!Array.isArray(queues) || queues.some((name) => typeof name !== "string"))
    throw new InvalidOptionError('worker: queues: expected a list of names such as ["mail", "crawl/"]');
  const weights = weigh(queues, strategy);
  for (const { name } of weights) checkQueueName(name.replace(/\/\*?$|\*$/, "") || "x", "worker: queues");
  if (strategy !== "roundRobin" && weights.length === 0)
    throw new InvalidOptionError(`worker: strategy: "${strategy}" needs the queues to be named`);
  checkPathFilter({ only, except }, "worker");
  return { queues: weights.map(({ name }) => name), strategy, weights, only, except };
}

type Times = Pick<WorkerSettings, "lease" | "extendEvery" | "drain" | "heartbeat" | "killAfter" | "maintenance">;

function times(options: WorkerOptions): Times {
  const lease = time(options, "lease");
  if (lease < 100) throw new InvalidOptionError(`worker: lease: expected at least 100 ms, got ${lease}`);
  const extendEvery = Math.min(time(options, "extendEvery"), Math.floor(lease / 3));
  return {
    lease,
    extendEvery,
    drain: time(options, "drain"),
    heartbeat: time(options, "heartbeat"),
    killAfter: time(options, "killAfter"),
    maintenance: time(options, "maintenance"),
  };
}

function time(options: WorkerOptions, name: keyof Times): number {
  return toMs(options[name] ?? defaults[name], `worker: ${name}`);
}

function integer(
  options: WorkerOptions,
  name: "concurrency" | "processes" | "maxLost",
  min: number,
  max: number,
): number {
  const value = options[name] ?? defaults[name];
  checkInteger(value, min, max, `worker: ${name}`);
  return value;
}

function recycleSettings(
  recycle: NonNullable<WorkerOptions["recycle"]>,
  processes: number | undefined,
): WorkerSettings["recycle"] {
  refuseUnknown(recycle, ["jobs", "memoryMb", "after"], "worker: recycle");
  const { jobs, memoryMb, after } = recycle;
  if (processes === 0 && (jobs ?? memoryMb ?? after) !== undefined) {
    throw new InvalidOptionError("worker: recycle needs child processes: give processes 1 or more, or leave it out");
  }
  if (jobs !== undefined) checkInteger(jobs, 1, Number.MAX_SAFE_INTEGER, "worker: recycle.jobs");
  if (memoryMb !== undefined) checkInteger(memoryMb, 1, Number.MAX_SAFE_INTEGER, "worker: recycle.memoryMb");
  return {
    ...(jobs === undefined ? {} : { jobs }),
    ...(memoryMb === undefined ? {} : { memoryMb }),
    ...(after === undefined ? {} : { after: toMs(after, "worker: recycle.after") }),
  };
}
