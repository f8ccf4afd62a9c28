import { finalStatuses, type Hold, type PathFilter, pathPattern } from "@tandemq/core";
import type { Document, Filter, ObjectId, Sort } from "mongodb";
import type { JobDocument } from "./job-document.js";

export type JobFilterDocument = Filter<JobDocument>;

export const waitingStatuses = ["queued", "retry", "interrupt"] as const;

/** In line in this collection. A condition on the server's time finds the index only together with this one. */
export const inLine: JobFilterDocument = { due: { $exists: true } };

/** Kept by the broker; not a raw job's document. */
export const ofBroker: JobFilterDocument = { raw: { $ne: true } };

/** Kept by the job store. */
export const ofStore: JobFilterDocument = { raw: true };

export const isFinal: JobFilterDocument = { status: { $in: [...finalStatuses] } };

export const isWaiting: JobFilterDocument = { ...inLine, status: { $in: [...waitingStatuses] } };

/** Who is claimed first: priority, then those claimed before, then by time; equal times stand as they were inserted. */
export const lineOrder: Sort = { priority: -1, front: -1, due: 1 };

/** As `lineOrder`, but the last that came due first. */
export const stackOrder: Sort = { priority: -1, front: -1, due: -1 };

/** Can be claimed now, by the server's time. */
export function dueNow(queues: readonly string[], paths: PathFilter = {}): JobFilterDocument {
  return { queue: oneOf(queues), ...inLine, ...ofPaths(paths), $expr: { $lte: ["$due", "$$NOW"] } };
}

function ofPaths({ only = [], except = [] }: PathFilter): JobFilterDocument {
  if (only.length + except.length === 0) return {};
  return {
    path: {
      ...(only.length > 0 && { $in: only.map(pathPattern) }),
      ...(except.length > 0 && { $nin: except.map(pathPattern) }),
    },
  } as JobFilterDocument;
}

export function oneOf<T>(values: readonly T[]): T | { $in: T[] } {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : { $in: [...values] };
}

/** Held by exactly these deliveries: each document is compared with its own token. The ids must be different ones. */
export function heldBy(ids: readonly ObjectId[], holds: readonly Hold[]): JobFilterDocument {
  const tokens = holds.map((hold) => hold.token);
  const [first] = tokens;
  const one = tokens.every((token) => token === first);
  return {
    _id: { $in: [...ids] },
    status: "started",
    ...(one ? { token: first } : { $expr: { $eq: ["$token", pick(ids, tokens)] } }),
  } as JobFilterDocument;
}

/** An expression: of `values`, the one at the position of the document's id among `ids`. The server looks it up by hash. */
export function pick(ids: readonly ObjectId[], values: readonly unknown[]): Document {
  return { $arrayElemAt: [{ $literal: values }, { $indexOfArray: [{ $literal: ids }, "$_id"] }] };
}
