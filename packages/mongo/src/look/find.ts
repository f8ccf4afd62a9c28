import { type Job, type JobFilter, newestFirst } from "@tandemq/core";
import type { Document, Filter, Sort } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { jobOf } from "../documents/decode.js";
import { inLine, isWaiting, lineOrder } from "../documents/filters.js";
import type { JobDocument, Stored } from "../documents/job-document.js";
import { matching } from "../documents/matching.js";

const defaultLimit = 100;

type JobsFilter = Filter<JobDocument>;

/** Jobs that match, the last queued first or the next in line first. */
export async function find(
  connection: Connection,
  filter: JobFilter,
  kept: JobsFilter,
  line: Sort = lineOrder,
): Promise<Job[]> {
  const limit = filter.limit ?? defaultLimit;
  if (limit <= 0) return [];
  if (filter.order === "head") return head(connection, filter, limit, line);
  return (await read(connection, { ...matching(filter), ...kept }, newest(filter), limit)).sort(newestFirst);
}

/** Those that can be claimed now, then those that wait for their time. */
async function head(connection: Connection, filter: JobFilter, limit: number, line: Sort): Promise<Job[]> {
  const match = matching(filter);
  const now = { $expr: { $lte: ["$due", "$$NOW"] } };
  const due = await read(connection, { $and: [match, inLine, now] }, line, limit);
  if (due.length === limit) return due;
  const later = { $expr: { $gt: ["$due", "$$NOW"] } };
  return [...due, ...(await read(connection, { $and: [match, isWaiting, later] }, { due: 1 }, limit - due.length))];
}

async function read({ jobs }: Connection, match: JobsFilter, sort: Sort, limit: number): Promise<Job[]> {
  const stages: Document[] = [{ $match: match }, { $sort: sort }, { $limit: limit }, { $set: { now: "$$NOW" } }];
  return (await jobs.aggregate<Stored>(stages).toArray()).map(jobOf);
}

/**
 * Over all queues and tasks the ids give the order: there is no index that every job pays for. Nor do the indexes of lists
 * carry the ids, which would cost each claim and each settlement: of jobs that were queued in one moment, those that were
 * inserted first are read where not all can be shown.
 */
function newest({ queue, path, ids, parent }: JobFilter): Sort {
  if (ids || parent !== undefined) return { queuedAt: -1, _id: -1 };
  return queue === undefined && path === undefined ? { _id: -1 } : { queuedAt: -1 };
}
