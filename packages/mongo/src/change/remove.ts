import type { ChangeAnswer, JobRef } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { isWaiting } from "../documents/filters.js";
import { targets, these, tries } from "./change.js";
import { placeOf } from "./place.js";

/** Deletes jobs that are not started. */
export async function remove({ jobs }: Connection, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = refs.map(() => "missing");
  const batch = targets(refs);
  if (batch.length === 0) return answers;
  const before = await statuses();
  let left = batch;
  for (let i = 0; i < tries && left.length > 0; i++) {
    await jobs.deleteMany({ ...these(left), status: { $ne: "started" } });
    const after = await statuses();
    for (const { id, place } of left) {
      const status = after.get(id);
      answers[place] = status ? placeOf({ status }) : before.has(id) ? "done" : "missing";
    }
    left = left.filter(({ place }) => answers[place] === "waiting" || answers[place] === "final");
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
