import type { ChangeAnswer, JobRef } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { isWaiting } from "../documents/filters.js";
import { targets, these } from "./change.js";
import { placeOf } from "./place.js";

/** Deletes jobs that are not started. */
export async function remove({ jobs }: Connection, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = refs.map(() => "missing");
  const batch = targets(refs);
  if (batch.length === 0) return answers;
  const before = await statuses();
  await jobs.deleteMany({ ...these(batch), status: { $ne: "started" } });
  const after = await statuses();
  for (const { id, place } of batch) {
    const left = after.get(id);
    answers[place] = left ? placeOf({ status: left }) : before.has(id) ? "done" : "missing";
  }
  return answers;

  async function statuses(): Promise<Map<string, string>> {
    const found = await jobs.find(these(batch), { projection: { status: 1 } }).toArray();
    return new Map(found.map(({ _id, status }) => [_id.toHexString(), status]));
  }
}

/** Deletes the waiting jobs of a queue and returns how many. */
export async function purge({ jobs }: Connection, queue: string): Promise<number> {
  const { deletedCount } = await jobs.deleteMany({ queue, ...isWaiting });
  return deletedCount;
}
