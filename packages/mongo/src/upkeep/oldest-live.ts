import { type Job, liveStatuses } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { jobOf } from "../documents/decode.js";
import { ofStore } from "../documents/filters.js";
import type { Stored } from "../documents/job-document.js";
import { indexOf } from "../schema/indexes.js";

export interface OldestQuery {
  readonly queue: string;
  /** Only those queued after this time, milliseconds since the epoch. */
  readonly after?: number;
  readonly limit: number;
}

/** Documents of raw jobs that are not over and have not left for another broker, the first queued first. */
export async function oldestLive({ jobs }: Connection, { queue, after = 0, limit }: OldestQuery): Promise<Job[]> {
  const queuedAt = { $gt: new Date(after) };
  const match = { queue, status: { $in: [...liveStatuses] }, queuedAt, left: { $exists: false }, ...ofStore };
  const stages = [{ $match: match }, { $sort: { queuedAt: 1 } }, { $limit: limit }, { $set: { now: "$$NOW" } }];
  return (await jobs.aggregate<Stored>(stages, { hint: indexOf.look }).toArray()).map(jobOf);
}
