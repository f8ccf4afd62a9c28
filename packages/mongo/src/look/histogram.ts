import { edgesOf, type Histogram, type HistogramRange, histogramOf, sliceAt } from "@tandemq/core";
import type { Filter } from "mongodb";
import type { Connection } from "../connection/connection.js";
import type { JobDocument, Stored } from "../documents/job-document.js";
import { indexOf } from "../schema/indexes.js";

/** The last date there is. Another producer may write later ones, which the driver cannot read: they count as this one. */
const last = 8.64e15;

/** Counted from the index alone; started jobs stand in it with their leases, and are taken off. */
export async function histogram(connection: Connection, queue: string, range: HistogramRange): Promise<Histogram> {
  const now = await connection.clock.exact();
  const max = range.to ?? (await lastDue(connection, queue)) ?? now;
  const edges = edgesOf("due", range, { min: now, max });
  const counts = [...edges, 0].map(() => 0);
  const add = (from: number, by: number): number => (counts[sliceAt(edges, from)]! += by);
  let others = 0;
  for (const { _id, count } of await buckets(connection, queue, [now + 1, ...edges.filter((edge) => edge > now + 1)])) {
    if (_id instanceof Date) add(_id.getTime(), count);
    else others += count;
  }
  for (const due of await leases(connection, queue)) {
    if (due > now) add(due, -1);
    else others -= 1;
  }
  return histogramOf("due", edges, counts, others);
}

function withDue(queue: string): Filter<JobDocument> {
  return { queue, due: { $gte: new Date(0) } };
}

async function lastDue({ jobs }: Connection, queue: string): Promise<number | undefined> {
  const options = { projection: { _id: 0, due: 1 }, sort: { due: -1 }, hint: indexOf.next } as const;
  const due = (await jobs.findOne<Stored>(withDue(queue), options))?.due;
  return due instanceof Date ? Math.min(last - 1, timeOf(due)) : undefined;
}

interface Bucket {
  /** Where it begins; what is due already has none. */
  readonly _id: Date | "now";
  readonly count: number;
}

function buckets({ jobs }: Connection, queue: string, edges: readonly number[]): Promise<Bucket[]> {
  const boundaries = [...edges.filter((edge) => edge < last), last].map((edge) => new Date(edge));
  const groupBy = { $min: ["$due", new Date(last - 1)] };
  const stages = [{ $match: withDue(queue) }, { $bucket: { groupBy, boundaries, default: "now" } }];
  return jobs.aggregate<Bucket>(stages, { hint: indexOf.next }).toArray();
}

async function leases({ jobs }: Connection, queue: string): Promise<number[]> {
  const filter: Filter<JobDocument> = { ...withDue(queue), status: "started" };
  const options = { projection: { _id: 0, due: 1 }, hint: indexOf.look } as const;
  const found = await jobs.find<Stored>(filter, options).toArray();
  return found.flatMap(({ due }) => (due instanceof Date ? [timeOf(due)] : []));
}

function timeOf(due: Date): number {
  return Number.isNaN(due.getTime()) ? last : due.getTime();
}
