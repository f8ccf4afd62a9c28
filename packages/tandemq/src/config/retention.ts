import { type FinalStatus, finalStatuses, options as o } from "@tandemq/core";
import { matchesPattern } from "./queue-rules.js";

type Time = number | string;

/** How long finished jobs of one status are kept, and how many. */
export interface RetentionRule {
  /** Deleted so long after their end. */
  readonly age?: Time;
  /** Only the last so many are kept, per queue or per task. */
  readonly count?: number;
}

/** A rule per final status; `failures` stands for every one but `success` that is not named itself. An age alone may be given as text. */
export type RetentionByStatus = { readonly [status in FinalStatus | "failures"]?: RetentionRule | string };

/** The more exact rule wins: tasks before queues before those for all. */
export interface RetentionSection extends RetentionByStatus {
  /** By queue, or a pattern such as `crawl/*`. */
  readonly queues?: Readonly<Record<string, RetentionByStatus>>;
  /** By task path, or a pattern such as `mail.*`. */
  readonly tasks?: Readonly<Record<string, RetentionByStatus>>;
}

/** A rule, complete; the age in milliseconds. */
export interface Keep {
  readonly age: number | undefined;
  readonly count: number | undefined;
}

export type Statuses = { readonly [status in FinalStatus | "failures"]: Keep | undefined };

export interface Retention extends Statuses {
  readonly queues: Readonly<Record<string, Statuses>>;
  readonly tasks: Readonly<Record<string, Statuses>>;
}

/** The rule for all of one status in a list of patterns; the longest pattern that matches and has one wins. */
function ruleIn(
  rules: Readonly<Record<string, Statuses>>,
  name: string,
  status: FinalStatus,
  field: keyof Keep,
): number | undefined {
  if (isEmpty(rules)) return undefined;
  const matching = Object.keys(rules).filter((pattern) => matchesPattern(pattern, name));
  const longestFirst = matching.sort((a, b) => b.length - a.length);
  const values = longestFirst.map((pattern) => valueOf(rules[pattern], status, field));
  return values.find((value) => value !== undefined);
}

/** Asked of every job that ends. */
function isEmpty(rules: object): boolean {
  for (const _ in rules) return false;
  return true;
}

function valueOf(statuses: Statuses | undefined, status: FinalStatus, field: keyof Keep): number | undefined {
  const general = status === "success" ? undefined : statuses?.failures?.[field];
  return statuses?.[status]?.[field] ?? general;
}

/** What holds for a queue, whatever the task. */
export function ofQueue(
  retention: Retention,
  queue: string,
  status: FinalStatus,
  field: keyof Keep,
): number | undefined {
  return ruleIn(retention.queues, queue, status, field) ?? valueOf(retention, status, field);
}

/** What the rules of one pattern of tasks say. */
export function ofTasks(
  retention: Retention,
  pattern: string,
  status: FinalStatus,
  field: keyof Keep,
): number | undefined {
  return valueOf(retention.tasks[pattern], status, field);
}

/** Milliseconds that a job is kept after it ended so; `undefined` where no rule says it. */
export function keepFor(
  retention: Retention,
  { queue, path }: { readonly queue: string; readonly path: string },
  status: FinalStatus,
): number | undefined {
  return ruleIn(retention.tasks, path, status, "age") ?? ofQueue(retention, queue, status, "age");
}

const keep: o.Field<Keep | undefined> = o.optional(
  o.shorthand(
    o.object(
      {
        age: o.duration({ doc: "Deleted so long after their end.", min: 0 }),
        count: o.integer({ doc: "Only the last so many are kept.", min: 0, max: 1_000_000_000 }),
      },
      { doc: "How long jobs of this status are kept, and how many." },
    ),
    'a duration such as "7d", or an object with age and count',
    (age) => ({ age }),
  ),
);

const byStatus = Object.fromEntries([...finalStatuses, "failures"].map((status) => [status, keep])) as {
  [status in FinalStatus | "failures"]: typeof keep;
};

const statuses: o.Field<Statuses> = o.object(byStatus, { doc: "A rule for each status." });

function rules(doc: string): o.Field<Readonly<Record<string, Statuses>>> {
  const name = /^(\*|[A-Za-z0-9_][A-Za-z0-9_.:/#$-]*\*?)$/;
  return o.record(statuses, { doc, name, expectedName: "a name, or a pattern that ends in *", default: {} });
}

export const retentionField: o.Field<Retention> = o.object(
  { ...byStatus, queues: rules("Rules of queues."), tasks: rules("Rules of tasks.") },
  { doc: "How long finished jobs are kept, and how many." },
);
