import type {
  Codec,
  FinalStatus,
  Limits,
  MemberFactory,
  QueueKind,
  QueueMode,
  QueueOrder,
  QueueShape,
  RedactRule,
  TaskRules,
} from "@tandemq/core";
import type { Retention, RetentionSection } from "./retention.js";

/** Durations take milliseconds or text such as `"30s"`. */
type Time = number | string;

export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** A store: its address, with the credentials beside it if they are not in it. */
export interface StoreOptions {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

export interface QueueOptions {
  readonly mode: QueueMode;
  /**
   * `fifo`; `set`: a job is unique by its key, else by its params; `sorted`: the lowest `score` is first; `timed`: the
   * earliest time is first, and the entry is its key. Only `fifo` for regular queues. Default: `fifo`.
   */
  readonly kind?: QueueKind;
  /** How many of its jobs may start in a time, and how many may run at once, in all workers together. */
  readonly limit?: Limits;
  /** A run's signal is aborted after this time, where neither the job nor its task says otherwise. Default: one hour. */
  readonly timeout?: Time;
  /** The process of a run that goes on after this time is killed, where neither the job nor its task says otherwise. */
  readonly hardTimeout?: Time;
  /** Of a `fifo` queue: the first or the last job of a priority first. Default: `fifo`. */
  readonly order?: QueueOrder;
  /** Of a `timed` queue: an entry stays, and comes due again so long after each run. Default: it goes, unless the task says. */
  readonly again?: Time;
  /** Turns a member (a bare text) into a job, when it is claimed. */
  readonly factory?: MemberFactory;
  /** Final statuses of which a no-storage queue keeps documents, beside those of failures. Needs MongoDB. Default: none. */
  readonly store?: readonly FinalStatus[];
}

/** What holds for a queue, complete; times in milliseconds. */
export interface QueueRule extends QueueShape {
  readonly mode: QueueMode;
  readonly limit: Limits;
  readonly factory: MemberFactory | undefined;
  readonly store: readonly FinalStatus[];
  readonly timeout?: number | undefined;
  readonly hardTimeout?: number | undefined;
}

/** When a child process is replaced by a fresh one. Default of each: never. */
export interface RecycleOptions {
  /** After so many jobs. */
  readonly jobs?: number;
  /** When its resident memory is over so many megabytes. */
  readonly memory?: number;
  /** After so long. */
  readonly time?: Time;
}

export interface WorkerSection {
  /** Jobs at a time in each process. Default: 10. */
  readonly concurrency?: number;
  /** Child processes; 0 runs the tasks in the worker's own process. Default: 1. */
  readonly processes?: number;
  /** A claimed job comes due again after this time unless its lease is extended. Default: 30 s. */
  readonly lease?: Time;
  /** Leases are extended so often. Default: a third of the lease. */
  readonly extendEvery?: Time;
  /** How long running jobs may go on after the first signal. Default: 25 s. */
  readonly drain?: Time;
  /** Default: 5 s. */
  readonly heartbeat?: Time;
  /** A job whose process died more often than this is set aside as failed. Default: 3. */
  readonly maxLost?: number;
  /** How long a run may go on after its signal was aborted before its process is killed. Default: 10 s. */
  readonly killAfter?: Time;
  /** About how often the worker tidies the stores; 0: never. Default: one minute. */
  readonly maintenance?: Time;
  readonly recycle?: RecycleOptions;
  /** How several queues are served. Default: `roundRobin`. */
  readonly strategy?: "roundRobin" | "strict" | "weighted";
  /** Tasks to run, by patterns such as `mail.*`; jobs of others stay in line. Default: all. */
  readonly only?: string | readonly string[];
  /** Tasks not to run. Default: none. */
  readonly except?: string | readonly string[];
}

/** What `tandemq.config.js` exports, and `createClient` and `createWorker` take. */
export interface UserConfig {
  readonly mongo?: string | StoreOptions;
  readonly redis?: string | StoreOptions;
  /** Begins the names of all keys and collections, so that several applications can share a store. */
  readonly prefix?: string;
  /** Globs of the modules that define tasks, relative to the configuration file. */
  readonly tasks?: string | readonly string[];
  /**
   * Modules whose default exports stand around every enqueue and every run, relative to the configuration file; the first
   * is the outermost. See `Middleware`.
   */
  readonly middleware?: string | readonly string[];
  /**
   * The mode of each queue, by its name or by a pattern that ends in `*`. The full name wins over a pattern, a longer
   * pattern over a shorter one. Default: one queue `default`, regular where MongoDB is configured, else no-storage.
   */
  readonly queues?: Readonly<Record<string, QueueMode | QueueOptions>>;
  /**
   * Options of tasks, by their path or by a pattern that ends in `*`. The most specific word wins: the full path here,
   * then the task's own code, then a longer pattern before a shorter one. What a producer says of one job wins over all.
   */
  readonly taskOptions?: TaskRules;
  /** Failed no-storage jobs that Redis keeps where MongoDB cannot. Default: 1000. */
  readonly keepFailures?: number;
  /** How long finished jobs are kept, and how many. Default: successes 7 days, others 30 days. */
  readonly retention?: RetentionSection;
  /**
   * What is left out of logs, errors and whatever commands show: paths such as `params.password`, `*` for any key, `**`
   * for any depth, or functions. Values of the params that are left out are left out of messages and stacks, too.
   */
  readonly redact?: RedactRule | readonly RedactRule[];
  /** Encrypts or compresses params and results at rest. Every program of the deployment needs the same. */
  readonly codec?: Codec;
  readonly logLevel?: LogLevel;
  readonly worker?: WorkerSection;
}

/** The worker's part of the configuration, complete. All times in milliseconds. */
export interface WorkerConfig {
  readonly concurrency: number;
  readonly processes: number;
  readonly lease: number;
  readonly extendEvery: number;
  readonly drain: number;
  readonly heartbeat: number;
  readonly maxLost: number;
  readonly killAfter: number;
  readonly strategy: "roundRobin" | "strict" | "weighted";
  readonly only: readonly string[];
  readonly except: readonly string[];
  readonly maintenance: number;
  readonly recycle: {
    readonly jobs: number | undefined;
    readonly memory: number | undefined;
    readonly time: number | undefined;
  };
}

/** The configuration, checked and complete. */
export interface Config {
  readonly mongo: { readonly url: string } | undefined;
  readonly redis: { readonly url: string } | undefined;
  readonly prefix: string | undefined;
  readonly taskOptions: TaskRules;
  readonly tasks: {
    readonly patterns: readonly string[];
    readonly cwd: string;
    /** Absolute paths of modules. */
    readonly middleware: readonly string[];
  };
  readonly queues: Readonly<Record<string, QueueRule>>;
  readonly keepFailures: number;
  readonly retention: Retention;
  readonly redact: readonly RedactRule[];
  readonly codec: Codec | undefined;
  readonly logLevel: LogLevel;
  readonly worker: WorkerConfig;
}
