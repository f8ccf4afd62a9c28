import { type ChangeAnswer, defaults, type Job, type JobId } from "@tandemq/core";
import { newMark } from "../change/change.js";
import { placeOf } from "../change/place.js";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { ofStore, pick, waitingStatuses } from "../documents/filters.js";
import { objectId, objectIds } from "../documents/ids.js";
import { fromNow, plus, set } from "../documents/updates.js";
import type { Filter, ObjectId } from "mongodb";
import type { JobDocument, Stored } from "../documents/job-document.js";

const batchSize = 1000;

/** The documents of waiting jobs become leftovers of the next life, so that no delivery of this one starts any more. */
export async function withdraw(connection: Connection, jobs: readonly Job[]): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = [];
  for (const some of chunks(jobs, batchSize)) answers.push(...(await withdrawSome(connection, some)));
  return answers;
}

async function withdrawSome({ jobs }: Connection, waiting: readonly Job[]): Promise<ChangeAnswer[]> {
  const ids = waiting.map(({ id }) => objectId(id) as ObjectId);
  const lives = waiting.map(({ generation }) => generation);
  const sameLife = { $expr: { $eq: ["$generation", pick(ids, lives)] } } as Filter<JobDocument>;
  const these = { _id: { $in: ids }, ...ofStore };
  const change = newMark();
  const update = set({
    generation: plus("generation", 1),
    left: true,
    deleteAt: fromNow(defaults.keepResults),
    change,
  });
  await jobs.updateMany({ ...these, status: { $in: [...waitingStatuses] }, ...sameLife }, [update]);
  const found = await jobs.find<Stored>(these, { projection: { status: 1, change: 1 } }).toArray();
  const byId = new Map(found.map((stored) => [String(stored._id), stored]));
  return waiting.map(({ id }) => {
    const stored = byId.get(id);
    if (!stored) return "missing";
    return stored.change === change ? "done" : placeOf(stored);
  });
}

/** Deletes what withdrawn jobs have left. */
export async function forget({ jobs }: Connection, ids: readonly JobId[]): Promise<void> {
  await jobs.deleteMany({ _id: { $in: objectIds(ids) }, ...ofStore, left: true });
}
