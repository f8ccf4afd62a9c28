import type { Hold } from "@tandemq/core";
import { batches } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { heldBy } from "../documents/filters.js";
import { objectId } from "../documents/ids.js";
import { begun } from "../documents/updates.js";

const limits = { count: 1000, bytes: Number.POSITIVE_INFINITY };

/** Frees the unique keys until the start of deliveries that kept them. */
export async function begin({ quickJobs, unchecked }: Connection, holds: readonly Hold[]): Promise<void> {
  const known = holds.map((hold) => ({ ...hold, bytes: 0 })).filter(({ id }) => objectId(id));
  for (const batch of batches(known, limits)) {
    const ids = batch.map(({ id }) => objectId(id)).filter((id) => id !== undefined);
    await quickJobs.updateMany({ ...heldBy(ids, batch), "key.until": "start" }, begun, unchecked);
  }
}
