import type { ClientSession, Collection, ObjectId } from "mongodb";
import type { JobDocument } from "../documents/job-document.js";

/** What is read of a document that has a key. */
export const keyFields = { queue: 1, held: 1, heldUntil: 1 } as const;

type Owner = Pick<JobDocument, "_id" | "queue" | "held" | "heldUntil">;

/** Frees the keys that were taken for a time which is over by `now`, and returns the owners of the others. */
export async function withoutLapsed<T extends Owner>(
  jobs: Collection<JobDocument>,
  owners: readonly T[],
  now: number,
  session?: ClientSession,
): Promise<T[]> {
  const isOver = ({ heldUntil }: Owner) => heldUntil instanceof Date && heldUntil.getTime() <= now;
  const lapsed = owners.filter(isOver).map(({ _id }): ObjectId => _id);
  if (lapsed.length === 0) return [...owners];
  const filter = { _id: { $in: lapsed }, heldUntil: { $lte: new Date(now) } };
  await jobs.updateMany(filter, { $unset: { held: "", heldUntil: "" } }, session ? { session } : {});
  return owners.filter((owner) => !isOver(owner));
}
