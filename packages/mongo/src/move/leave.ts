import type { ChangeAnswer, Departure } from "@tandemq/core";
import type { Filter } from "mongodb";
import { placeOf } from "../change/place.js";
import { targets, these } from "../change/change.js";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { isWaiting, pick } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";

const batchSize = 1000;

/** Deletes jobs that are as they departed: nobody has claimed or changed them since. */
export async function leave(connection: Connection, departures: readonly Departure[]): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = [];
  for (const some of chunks(departures, batchSize)) answers.push(...(await leaveSome(connection, some)));
  return answers;
}

async function leaveSome({ jobs }: Connection, departures: readonly Departure[]): Promise<ChangeAnswer[]> {
  const batch = targets(departures.map(({ job }) => job));
  const ids = batch.map(({ _id }) => _id);
  const revs = batch.map(({ place }) => Number(departures[place]?.token));
  const asDeparted = { $expr: { $eq: ["$rev", pick(ids, revs)] } } as Filter<JobDocument>;
  const { deletedCount } = await jobs.deleteMany({ ...these(batch), ...isWaiting, ...asDeparted });
  if (deletedCount === departures.length) return departures.map(() => "done");
  const left = await jobs.find(these(batch), { projection: { status: 1 } }).toArray();
  const standing = new Map(left.map((stored) => [stored._id.toHexString(), placeOf(stored)]));
  return departures.map(({ job }) => standing.get(job.id) ?? "done");
}
