import type { ExtendAnswer, Hold } from "@tandemq/core";
import { batches } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { heldBy } from "../documents/filters.js";
import { objectId } from "../documents/ids.js";
import { extended } from "../documents/updates.js";

const limits = { count: 1000, bytes: Number.POSITIVE_INFINITY };

/** Pushes the due times of held jobs; every hold gets its own answer, at its place. */
export async function extend(connection: Connection, holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]> {
  const answers: ExtendAnswer[] = holds.map(() => "lost");
  const known = holds.map((hold, place) => ({ ...hold, place, bytes: 0 })).filter(({ id }) => objectId(id));
  for (const batch of batches(known, limits)) {
    const held = await extendBatch(connection, batch, lease);
    for (const { place, id } of batch) if (held === "all" || held.has(id)) answers[place] = "extended";
  }
  return answers;
}

/** The ids of those that are held by their delivery still. */
async function extendBatch(
  { quickJobs, jobs, unchecked }: Connection,
  holds: readonly Hold[],
  lease: number,
): Promise<"all" | Set<string>> {
  const ids = holds.map(({ id }) => objectId(id)).filter((id) => id !== undefined);
  const filter = heldBy(ids, holds);
  const { matchedCount } = await quickJobs.updateMany(filter, extended(lease), unchecked);
  if (matchedCount === holds.length) return "all";
  const held = await jobs.find(filter, { projection: { _id: 1 } }).toArray();
  return new Set(held.map(({ _id }) => _id.toHexString()));
}
