import type { JobId } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { earlierLives } from "./earlier-lives.js";

/** Deletes final documents of earlier lives than these. */
export async function removeEarlier(
  { jobs }: Connection,
  lives: readonly { id: JobId; generation: number }[],
): Promise<void> {
  for (const { filter } of earlierLives(lives)) await jobs.deleteMany(filter);
}
