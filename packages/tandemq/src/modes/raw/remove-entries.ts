import { isFinal, type Job, type Settlement } from "@tandemq/core";
import { isOver } from "../merge-job.js";
import type { RawContext } from "./context.js";

/** Whether an entry that a delivery holds may be taken from it, although the job is over by `document`. */
export type MayTake = (entry: Job, document: Job) => boolean;

/** A document that stays tells the holder that it has come too late. */
export const takeAny: MayTake = () => true;

/** Where the document goes, too: only from the delivery that wrote it. Another one may not have looked at it yet. */
export const takeOwn: MayTake = (entry, document) => entry.token !== undefined && entry.token === document.token;

/**
 * Removes the entries of jobs that are over by their documents: a death between the two left them there. Answers which
 * of them are gone for sure; the others were claimed meanwhile, and their claimer removes them.
 */
export async function removeLeftovers(
  { live }: RawContext,
  documents: readonly Job[],
  mayTake: MayTake,
): Promise<boolean[]> {
  if (documents.length === 0) return [];
  const isLeft = (entry: Job | undefined, i: number): entry is Job =>
    entry !== undefined && !isFinal(entry.status) && isOver(documents[i], entry.generation);
  const left = (await live.get(documents)).map((entry, i) => (isLeft(entry, i) ? entry : undefined));
  if (left.every((entry) => entry === undefined)) return documents.map(() => true);
  const waiting = left.filter((entry) => entry !== undefined && entry.status !== "started");
  const held = left.filter((entry, i) => entry?.status === "started" && mayTake(entry, documents[i] as Job));
  await live.remove(waiting as Job[]);
  await live.settle((held as Job[]).map(removal));
  return (await live.get(documents)).map((entry, i) => !isLeft(entry, i));
}

function removal({ id, queue, token = "" }: Job): Settlement {
  return { id, queue, token, outcome: { status: "success" } };
}
