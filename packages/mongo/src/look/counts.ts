import { isStatus, type Status } from "@tandemq/core";
import type { Filter } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { oneOf } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";
import { indexOf } from "../schema/indexes.js";

type Counts = Partial<Record<Status, number>>;

interface Row {
  readonly _id: { readonly queue: string; readonly status: string };
  readonly n: number;
}

/** Jobs per queue and status, counted from the index alone. */
export async function counts(
  { jobs }: Connection,
  queues: readonly string[],
  kept: Filter<JobDocument>,
): Promise<Map<string, Counts>> {
  const found = new Map<string, Counts>(queues.map((queue) => [queue, {}]));
  if (queues.length === 0) return found;
  const stages = [
    { $match: { queue: oneOf(queues), ...kept } },
    { $group: { _id: { queue: "$queue", status: "$status" }, n: { $sum: 1 } } },
  ];
  for (const { _id, n } of await jobs.aggregate<Row>(stages, { hint: indexOf.look }).toArray()) {
    const row = found.get(_id.queue);
    if (row && isStatus(_id.status)) row[_id.status] = n;
  }
  return found;
}
