import type { JobFilter, JobRef } from "@tandemq/core";
import type { Filter } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { idText } from "../documents/ids.js";
import type { JobDocument } from "../documents/job-document.js";
import { matching } from "../documents/matching.js";

/** Every job that matches; of each only where it is found. */
export async function select({ jobs }: Connection, filter: JobFilter, kept: Filter<JobDocument>): Promise<JobRef[]> {
  if (filter.limit !== undefined && filter.limit <= 0) return [];
  const projection = { queue: 1 } as const;
  const options = { projection, batchSize: 10_000, ...(filter.limit === undefined ? {} : { limit: filter.limit }) };
  const found = await jobs.find({ ...matching(filter), ...kept }, options).toArray();
  return found.map(({ _id, queue }) => ({ id: idText(_id), queue }));
}
