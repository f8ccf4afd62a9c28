import type { ChangeAnswer, Departure, Job } from "@tandemq/core";
import { placeOf } from "../change/place.js";
import { targets, these } from "../change/change.js";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { type JobFilterDocument, ofBroker, pick } from "../documents/filters.js";
import type { Stored } from "../documents/job-document.js";

const batchSize = 1000;

/** Deletes jobs that are as they departed: nobody has claimed or changed them since. */
export async function leave(
  connection: Connection,
  departures: readonly Departure[],
  home: JobFilterDocument = ofBroker,
): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = [];
  for (const some of chunks(departures, batchSize)) answers.push(...(await leaveSome(connection, some, home)));
  return answers;
}

async function leaveSome(
  { jobs }: Connection,
  departures: readonly Departure[],
  home: JobFilterDocument,
): Promise<ChangeAnswer[]> {
  const { deletedCount } = await jobs.deleteMany(asDeparted(departures, home));
  if (deletedCount === departures.length) return departures.map(() => "done");
  const ids = targets(departures.map(({ job }) => job)).map(({ _id }) => _id);
  const projection = { status: 1, queue: 1 } as const;
  const left = await jobs.find({ _id: { $in: ids }, ...home }, { projection }).toArray();
  const byId = new Map(left.map((stored) => [stored._id.toHexString(), stored]));
  return departures.map(({ job }) => standingOf(job, byId.get(job.id)));
}

/** One that somebody put into another queue here has not left. */
function standingOf({ queue }: Job, stored: Stored | undefined): ChangeAnswer {
  if (!stored) return "done";
  return stored.queue === queue ? placeOf(stored) : "missing";
}

/** Every change, a claim among them, makes another revision. */
function asDeparted(departures: readonly Departure[], home: JobFilterDocument): JobFilterDocument {
  const batch = targets(departures.map(({ job }) => job));
  const ids = batch.map(({ _id }) => _id);
  const revs = batch.map(({ place }) => Number(departures[place]?.token.split(" ")[0]));
  return { ...these(batch), ...home, $expr: { $eq: ["$rev", pick(ids, revs)] } };
}

/** Others may move the jobs. */
export async function stay(
  { jobs }: Connection,
  departures: readonly Departure[],
  home: JobFilterDocument = ofBroker,
): Promise<void> {
  for (const some of chunks(departures, batchSize)) {
    const marks = [...new Set(some.map(({ token }) => token.split(" ")[1] ?? ""))];
    const _id = { $in: targets(some.map(({ job }) => job)).map((target) => target._id) };
    await jobs.updateMany({ _id, ...home, "leaving.by": { $in: marks } }, { $unset: { leaving: "" } });
  }
}
