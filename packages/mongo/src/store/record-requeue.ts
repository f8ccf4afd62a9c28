import type { JobId } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { isFinal, ofStore } from "../documents/filters.js";
import { objectIds } from "../documents/ids.js";
import { reborn } from "../documents/updates.js";

/** Marks final documents of an earlier life as queued in the next one. */
export async function recordRequeue(
  { jobs }: Connection,
  requeued: readonly { id: JobId; generation: number }[],
): Promise<void> {
  const byGeneration = new Map<number, JobId[]>();
  for (const { id, generation } of requeued) {
    const ids = byGeneration.get(generation);
    if (ids) ids.push(id);
    else byGeneration.set(generation, [id]);
  }
  for (const [generation, ids] of byGeneration) {
    const filter = { _id: { $in: objectIds(ids) }, ...ofStore, ...isFinal, generation: { $lt: generation } };
    await jobs.updateMany(filter, reborn({ $literal: generation }, {}));
  }
}
