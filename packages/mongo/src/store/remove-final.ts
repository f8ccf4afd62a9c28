import type { ChangeAnswer, JobId } from "@tandemq/core";
import { placeOf } from "../change/place.js";
import type { Connection } from "../connection/connection.js";
import { isFinal, ofStore } from "../documents/filters.js";
import { objectIds } from "../documents/ids.js";

/** Deletes final documents. */
export async function removeFinal({ jobs }: Connection, ids: readonly JobId[]): Promise<ChangeAnswer[]> {
  const these = { _id: { $in: objectIds(ids) }, ...ofStore };
  const before = await statuses();
  await jobs.deleteMany({ ...these, ...isFinal });
  const after = await statuses();
  return ids.map((id) => {
    const left = after.get(id);
    return left ? placeOf({ status: left }) : before.has(id) ? "done" : "missing";
  });

  async function statuses(): Promise<Map<string, string>> {
    const found = await jobs.find(these, { projection: { status: 1 } }).toArray();
    return new Map(found.map(({ _id, status }) => [_id.toHexString(), status]));
  }
}
