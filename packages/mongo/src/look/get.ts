import type { Job, JobId } from "@tandemq/core";
import type { Filter } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { jobOf } from "../documents/decode.js";
import { objectIds } from "../documents/ids.js";
import type { JobDocument, Stored } from "../documents/job-document.js";

/** The jobs of these ids that match, by id. */
export async function get(
  { jobs }: Connection,
  ids: readonly JobId[],
  filter: Filter<JobDocument>,
): Promise<Map<JobId, Job>> {
  const stages = [{ $match: { _id: { $in: objectIds(ids) }, ...filter } }, { $set: { now: "$$NOW" } }];
  const found = await jobs.aggregate<Stored>(stages).toArray();
  return new Map(found.map(jobOf).map((job) => [job.id, job]));
}
