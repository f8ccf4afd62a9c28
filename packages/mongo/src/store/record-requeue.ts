import type { JobId } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { reborn } from "../documents/updates.js";
import { earlierLives } from "./earlier-lives.js";

/** Marks final documents of an earlier life as queued in the next one. */
export async function recordRequeue(
  { jobs }: Connection,
  requeued: readonly { id: JobId; generation: number }[],
): Promise<void> {
  for (const { filter, generation } of earlierLives(requeued)) {
    await jobs.updateMany(filter, reborn({ $literal: generation }, {}));
  }
}
