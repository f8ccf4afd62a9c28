import type { JobId } from "@tandemq/core";
import { isFinal, type JobFilterDocument, ofStore } from "../documents/filters.js";
import { objectIds } from "../documents/ids.js";

/** One filter for each generation: the final documents of these jobs that an earlier life than this one has left. */
export function earlierLives(
  lives: readonly { readonly id: JobId; readonly generation: number }[],
): { readonly generation: number; readonly filter: JobFilterDocument }[] {
  const byGeneration = new Map<number, JobId[]>();
  for (const { id, generation } of lives) {
    const ids = byGeneration.get(generation);
    if (ids) ids.push(id);
    else byGeneration.set(generation, [id]);
  }
  return [...byGeneration].map(([generation, ids]) => ({
    generation,
    filter: { _id: { $in: objectIds(ids) }, ...ofStore, ...isFinal, generation: { $lt: generation } },
  }));
}
