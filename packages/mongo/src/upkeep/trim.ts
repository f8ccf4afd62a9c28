import type { FinalStatus } from "@tandemq/core";
import type { Filter, ObjectId } from "mongodb";
import type { Connection } from "../connection/connection.js";
import type { JobDocument } from "../documents/job-document.js";
import { indexOf } from "../schema/indexes.js";

/** Which finished jobs to delete: of one queue or of one task, with one status. Times in milliseconds. */
export interface TrimRule {
  readonly of: { readonly queue: string } | { readonly path: string };
  readonly status: FinalStatus;
  /** Delete those that ended longer ago. */
  readonly age?: number;
  /** Keep only so many, the last queued. */
  readonly count?: number;
  /** Jobs that ended less than this ago stay whatever their number: their end may still be asked for. */
  readonly grace: number;
  /** Most jobs to delete for each reason. */
  readonly limit: number;
}

/** Deletes finished jobs that are too old, or too many; not those whose unique key is taken for a time yet. */
export async function trim(connection: Connection, rule: TrimRule): Promise<number> {
  const now = await connection.clock.now();
  const free = { heldUntil: { $not: { $gt: new Date(now) } } };
  const tooOld = (age: number) => deleteFound(connection, rule, { ...olderThan(rule, now - age), ...free }, 0);
  const old = rule.age === undefined ? 0 : await tooOld(rule.age);
  if (rule.count === undefined) return old;
  const ended = { ...all(rule), ...free, finishedAt: { $lt: new Date(now - rule.grace) } } as Filter<JobDocument>;
  return old + (await deleteFound(connection, rule, ended, rule.count));
}

/** A job that ended before was queued before: the index gives the order, and little that stays is looked at. */
function olderThan(rule: TrimRule, time: number): Filter<JobDocument> {
  const before = { $lt: new Date(time) };
  return { ...all(rule), queuedAt: before, finishedAt: before } as Filter<JobDocument>;
}

function all({ of, status }: TrimRule): Filter<JobDocument> {
  return { ...of, status } as Filter<JobDocument>;
}

async function deleteFound(
  { jobs }: Connection,
  rule: TrimRule,
  filter: Filter<JobDocument>,
  skip: number,
): Promise<number> {
  const hint = "queue" in rule.of ? indexOf.look : "tandemq_path";
  const newestFirst = { sort: { queuedAt: -1 }, projection: { _id: 1 } } as const;
  const found = await jobs.find(filter, { ...newestFirst, hint, skip, limit: rule.limit }).toArray();
  if (found.length === 0) return 0;
  const _id = { $in: found.map((document): ObjectId => document._id) };
  return (await jobs.deleteMany({ _id, status: rule.status })).deletedCount;
}
