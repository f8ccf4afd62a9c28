import {
  defaults,
  finalStatuses,
  type LimitRule,
  limitRules,
  type Limits,
  type MemberFactory,
  options as o,
  queueKinds,
  queueModes,
  queueOrders,
  type TaskRules,
  type Codec,
  type RedactRule,
} from "@tandemq/core";
import { type LogLevel, logLevels, type QueueRule, type StoreOptions, type WorkerConfig } from "./config.js";
import { codecField, redactField } from "./hooks.js";
import { taskRules } from "./task-rules.js";
import { type Retention, retentionField } from "./retention.js";

/** The worker's part as it is given: how often to extend follows from the lease unless it is said. */
type RawWorker = Omit<WorkerConfig, "extendEvery"> & { readonly extendEvery: number | undefined };

/** What the schema yields, before the rules between options are applied. */
export interface RawConfig {
  readonly mongo: StoreOptions | undefined;
  readonly redis: StoreOptions | undefined;
  readonly prefix: string | undefined;
  readonly tasks: readonly string[];
  readonly middleware: readonly string[];
  readonly queues: Readonly<Record<string, QueueRule>> | undefined;
  readonly taskOptions: TaskRules;
  readonly keepFailures: number;
  readonly logLevel: LogLevel;
  readonly retention: Retention;
  readonly redact: readonly RedactRule[];
  readonly codec: Codec | undefined;
  readonly worker: RawWorker;
}

const never = 0x7fffffff;

const redisSchemes = [
  "redis",
  "rediss",
  ...["sentinel", "cluster"].flatMap((one) => [`redis+${one}`, `rediss+${one}`]),
];

function store(
  name: string,
  flag: string,
  schemes: readonly string[],
  example: string,
): o.Field<StoreOptions | undefined> {
  const fields = o.object(
    {
      url: o.required(o.url({ doc: `Address of ${name}.`, schemes, example })),
      username: o.text({ doc: "User, if it is not in the address." }),
      password: o.text({ doc: "Password, if it is not in the address." }),
    },
    { doc: `Address of ${name}, such as ${example}.` },
  );
  const short = o.shorthand(fields, `a URL such as ${example}, or an object with url`, (url) => ({ url }));
  return { ...o.optional(short), shape: "text", flag };
}

const limitField: o.Field<readonly LimitRule[]> = {
  doc: "How many of its jobs may start in a time, and how many may run at once.",
  shape: "object",
  expected: 'a limit such as { max: 10, per: "1s" }',
  default: undefined,
  shownDefault: undefined,
  fromText: (text) => text,
  read(given, path, report) {
    try {
      return limitRules(given as Limits | undefined, path);
    } catch (error) {
      report.mistake("", error instanceof Error ? error.message : String(error));
      return [];
    }
  },
};

const queue: o.Field<QueueRule> = o.shorthand(
  o.object(
    {
      mode: o.required(o.choice({ doc: "Where the queue's jobs live.", of: queueModes })),
      kind: o.choice({ doc: "How the queue is ordered.", of: queueKinds, default: "fifo" }),
      limit: limitField,
      timeout: o.duration({ doc: "A run's signal is aborted after this time.", min: 1 }),
      hardTimeout: o.duration({ doc: "The process of a run that goes on after this time is killed.", min: 1 }),
      order: o.choice({ doc: "Which job of a priority is first.", of: queueOrders, default: "fifo" }),
      again: o.duration({ doc: "An entry of a timed queue comes due again so long after each run.", min: 1 }),
      factory: o.code<MemberFactory>({ doc: "Turns a member into a job." }),
      store: o.list(o.required(o.choice({ doc: "A final status.", of: finalStatuses })), {
        doc: "Final statuses of which a no-storage queue keeps documents.",
        default: [],
      }),
    },
    { doc: "One queue." },
  ),
  `one of "regular", "raw", "no-storage", or an object with mode and kind`,
  (mode) => ({ mode }),
);

const recycle: o.Field<WorkerConfig["recycle"]> = o.object(
  {
    jobs: o.integer({ doc: "Replace a child after so many jobs.", min: 1, max: never, flag: "recycle-jobs" }),
    memory: o.integer({
      doc: "Replace a child over so many MB of memory.",
      min: 16,
      max: never,
      flag: "recycle-memory",
    }),
    time: o.duration({ doc: "Replace a child after so long.", min: 1000, flag: "recycle-time" }),
  },
  { doc: "When a child process is replaced by a fresh one." },
);

const worker: o.Field<RawWorker> = o.object(
  {
    concurrency: o.integer({
      doc: "Jobs at a time in each process.",
      min: 1,
      max: 10_000,
      default: defaults.concurrency,
      flag: "concurrency",
    }),
    processes: o.integer({
      doc: "Child processes; 0 runs tasks in the worker's own process.",
      min: 0,
      max: 512,
      default: defaults.processes,
      flag: "processes",
    }),
    lease: o.duration({
      doc: "A claimed job comes due again after this time unless extended.",
      min: 100,
      max: 86_400_000,
      default: defaults.lease,
      flag: "lease",
    }),
    extendEvery: o.duration({
      doc: "How often leases are extended; a third of the lease unless given.",
      min: 20,
      max: 86_400_000,
      flag: "extend-every",
    }),
    drain: o.duration({
      doc: "How long running jobs may go on after the first signal.",
      max: 86_400_000,
      default: defaults.drain,
      flag: "drain",
    }),
    heartbeat: o.duration({
      doc: "How often the worker says that it lives.",
      min: 50,
      max: 3_600_000,
      default: defaults.heartbeat,
      flag: "heartbeat",
    }),
    maxLost: o.integer({
      doc: "A job whose process died more often is set aside as failed.",
      min: 0,
      max: 1000,
      default: defaults.maxLost,
      flag: "max-lost",
    }),
    killAfter: o.duration({
      doc: "How long a run may ignore its abort signal before its process is killed.",
      max: 86_400_000,
      default: defaults.killAfter,
      flag: "kill-after",
    }),
    maintenance: o.duration({
      doc: "About how often the worker tidies the stores; 0: never.",
      max: 86_400_000,
      default: defaults.maintenance,
      flag: "maintenance",
    }),
    strategy: o.choice({
      doc: "How several queues are served.",
      of: ["roundRobin", "strict", "weighted"],
      default: "roundRobin",
      flag: "strategy",
    }),
    only: o.list(o.required(o.text({ doc: "A pattern of task paths." })), {
      doc: "Tasks to run, by patterns such as mail.*; jobs of others stay in line.",
      default: [],
      flag: "only",
    }),
    except: o.list(o.required(o.text({ doc: "A pattern of task paths." })), {
      doc: "Tasks not to run, by patterns.",
      default: [],
      flag: "except",
    }),
    recycle,
  },
  { doc: "The worker." },
);

/** Every option there is: the one source of types, defaults, checks, flags, variables and help. */
export const configSchema: o.Field<RawConfig> = o.object(
  {
    mongo: store("MongoDB", "mongo", ["mongodb", "mongodb+srv"], "mongodb://127.0.0.1:27017/tandemq"),
    redis: store("Redis", "redis", redisSchemes, "redis://127.0.0.1:6379"),
    prefix: o.text({
      doc: "Begins the names of all keys and collections.",
      pattern: /^[A-Za-z0-9_-]{1,40}$/,
      expected: "at most 40 letters, digits, - and _",
      flag: "prefix",
    }),
    tasks: o.list(o.required(o.text({ doc: "A glob." })), {
      doc: "Globs of the modules that define tasks.",
      default: [],
      flag: "tasks",
    }),
    middleware: o.list(o.required(o.text({ doc: "A file." })), {
      doc: "Modules around every enqueue and every run.",
      default: [],
    }),
    queues: o.record(queue, {
      doc: "The mode of each queue, by name or by a pattern that ends in *.",
      name: /^(?=.{1,101}$)(\*|[A-Za-z0-9_][A-Za-z0-9_.:/-]*\*?)(?<!\/)$/,
      expectedName: "a queue name (letters, digits and . _ - : /) or a pattern that ends in *",
    }),
    taskOptions: taskRules,
    keepFailures: o.integer({
      doc: "Failed no-storage jobs that Redis keeps where MongoDB cannot.",
      min: 0,
      max: 1_000_000,
      default: 1000,
      flag: "keep-failures",
    }),
    retention: retentionField,
    redact: redactField,
    codec: codecField,
    logLevel: o.choice({
      doc: "Least severe lines that are logged.",
      of: logLevels,
      default: "info",
      flag: "log-level",
    }),
    worker,
  },
  { doc: "The configuration." },
);
