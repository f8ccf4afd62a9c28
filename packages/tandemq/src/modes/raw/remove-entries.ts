import { isFinal, type Job } from "@tandemq/core";
import { isOver } from "../merge-job.js";
import type { RawContext } from "./context.js";

/**
 * Removes the entries of jobs that are over by their documents: a death between the two left them there. Answers which
 * of them are gone for sure; the others were claimed meanwhile, and their claimer removes them.
 */
export async function removeLeftovers({ live }: RawContext, documents: readonly Job[]): Promise<boolean[]> {
  if (documents.length === 0) return [];
  const entries = await live.get(documents);
  const left = entries.filter((entry, i) => entry && !isFinal(entry.status) && isOver(documents[i], entry.generation));
  const jobs = left.filter((entry) => entry !== undefined);
  if (jobs.length === 0) return documents.map(() => true);
  const held = jobs.filter((entry) => entry.status === "started");
  const waiting = jobs.filter((entry) => entry.status !== "started");
  await live.remove(waiting);
  await live.settle(
    held.map(({ id, queue, token = "" }) => ({ id, queue, token, outcome: { status: "success" } as const })),
  );
  const still = await live.get(documents);
  return still.map((entry, i) => !entry || !isOver(documents[i], entry.generation));
}
