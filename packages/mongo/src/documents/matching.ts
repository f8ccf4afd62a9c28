import { type JobFilter, type Json, statuses, type TimeRange } from "@tandemq/core";
import type { Document, Filter } from "mongodb";
import { oneOf } from "./filters.js";
import { objectIds } from "./ids.js";
import type { JobDocument } from "./job-document.js";

/** The documents of jobs that are all that the filter names. Naming all statuses lets the index of a queue give the order. */
export function matching(filter: JobFilter): Filter<JobDocument> {
  const { queue, status, path, ids, worker, parent, tags, error } = filter;
  const named =
    status ?? (queue !== undefined && path === undefined && parent === undefined && !ids ? statuses : undefined);
  const found = {
    ...(queue !== undefined && { queue }),
    ...(named && { status: oneOf(named) }),
    ...(path !== undefined && { path }),
    ...(ids && { _id: { $in: objectIds(ids) } }),
    ...(worker !== undefined && { worker }),
    ...(parent !== undefined && { parent: oneOf([parent].flat()) }),
    ...(tags && tags.length > 0 && { tags: { $all: [...tags] } }),
    ...(error?.name !== undefined && { "error.name": error.name }),
    ...(error?.text !== undefined && { "error.message": { $regex: escaped(error.text) } }),
    ...(filter.finished && { finishedAt: timeOf(filter.finished) }),
  };
  const all = [...queuedOf(filter.queued), ...paramsOf(filter.params)];
  return (all.length > 0 ? { ...found, $and: all } : found) as Filter<JobDocument>;
}

function timeOf({ from, to }: TimeRange): Document {
  return { $exists: true, ...(from && { $gte: from }), ...(to && { $lte: to }) };
}

/** A producer that wrote no time is taken at its id's. */
function queuedOf(range: TimeRange | undefined): Document[] {
  if (!range) return [];
  const { from, to } = range;
  const time = { $ifNull: ["$queuedAt", { $toDate: "$_id" }] };
  const unsaid = [...(from ? [{ $gte: [time, from] }] : []), ...(to ? [{ $lte: [time, to] }] : [])];
  return [{ $or: [{ queuedAt: timeOf(range) }, { queuedAt: { $exists: false }, $expr: { $and: unsaid } }] }];
}

function paramsOf(part: Json | undefined): Document[] {
  return part === undefined ? [] : [{ $expr: { $and: containing("$params", part) } }];
}

/** Expressions that say: has every field of `part` with its value. Names may hold any character. */
function containing(whole: unknown, part: Json): Document[] {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return [{ $eq: [whole, { $literal: part }] }];
  const fields = Object.entries(part).flatMap(([name, value]) =>
    containing({ $getField: { field: { $literal: name }, input: whole } }, value as Json),
  );
  return [{ $eq: [{ $type: whole }, "object"] }, ...fields];
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
