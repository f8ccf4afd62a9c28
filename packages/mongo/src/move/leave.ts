import type { ChangeAnswer, Departure } from "@tandemq/core";
import { placeOf } from "../change/place.js";
import { targets, these } from "../change/change.js";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { type JobFilterDocument, ofBroker, pick } from "../documents/filters.js";

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
  const batch = { ...these(targets(departures.map(({ job }) => job))), ...home };
  const left = await jobs.find(batch, { projection: { status: 1 } }).toArray();
  const standing = new Map(left.map((stored) => [stored._id.toHexString(), placeOf(stored)]));
  return departures.map(({ job }) => standing.get(job.id) ?? "done");
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
