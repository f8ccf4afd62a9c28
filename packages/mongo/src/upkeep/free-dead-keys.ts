import type { Connection } from "../connection/connection.js";
import { isFinal } from "../documents/filters.js";
import type { JobFilterDocument } from "../documents/filters.js";

/** Finished jobs that hold a key: a program of somebody else's ended them, or the time of the key is over. */
export async function freeDeadKeys({ jobs, clock }: Connection, limit: number, free: boolean): Promise<number> {
  const lasting = { $gt: new Date(await clock.now()) };
  const holding: JobFilterDocument = {
    held: { $exists: true },
    heldUntil: free ? { $not: lasting } : { $exists: false },
    ...isFinal,
  };
  const found = await jobs.find(holding, { projection: { _id: 1 }, limit, hint: "tandemq_held" }).toArray();
  if (!free || found.length === 0) return found.length;
  const these = { _id: { $in: found.map(({ _id }) => _id) }, ...isFinal, heldUntil: { $not: lasting } };
  return (await jobs.updateMany(these, { $unset: { held: "", heldUntil: "" } })).modifiedCount;
}
