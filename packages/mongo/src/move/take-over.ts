import type { ReceiveAnswer, Token } from "@tandemq/core";
import type { AnyBulkWriteOperation } from "mongodb";
import { placeOf } from "../change/place.js";
import type { Connection } from "../connection/connection.js";
import { duplicateKey, isClosed, isUnavailable, writeErrorsOf } from "../connection/errors.js";
import { isFinal, isWaiting, ofBroker, ofStore, waitingStatuses } from "../documents/filters.js";
import type { JobDocument, Stored } from "../documents/job-document.js";
import { replacedBy, set } from "../documents/updates.js";
import { heldBy, isFreeFor } from "./hold.js";
import type { Incoming } from "./receive.js";

/**
 * Jobs whose id or key is there already. The document of a job that waited elsewhere, and what is left of an earlier life,
 * become the job, each in one step; whose id is another's, or runs, is refused.
 *
 * @returns those whose key was in the way, not their id
 */
export async function takeOver(connection: Connection, incoming: readonly Incoming[]): Promise<Incoming[]> {
  try {
    await connection.jobs.bulkWrite(incoming.map(conversionOf), { ordered: false });
  } catch (error) {
    if (isUnavailable(error) || isClosed(error)) throw error;
    if (!writeErrorsOf(error).some(({ code }) => code === duplicateKey) && incoming.length === 1) return [];
  }
  return answer(connection, incoming);
}

function conversionOf({ document }: Incoming): AnyBulkWriteOperation<JobDocument> {
  const { _id, generation } = document;
  const earlier = { generation: { $lt: generation } };
  const waited = {
    ...ofStore,
    $or: [earlier, { left: true as const }, { generation, status: { $in: [...waitingStatuses] } }],
  };
  const filter = { _id, $or: [waited, { ...ofBroker, ...isFinal, ...earlier }] };
  return { updateOne: { filter, update: replacedBy(document) } };
}

async function answer({ jobs }: Connection, incoming: readonly Incoming[]): Promise<Incoming[]> {
  const ids = incoming.map(({ document }) => document._id);
  const mover = incoming[0]?.document.leaving?.by;
  // Whoever is about to take them away finds them changed, and they stay, unless it has them still.
  const free = mover === undefined ? {} : isFreeFor(mover);
  const hold = mover === undefined ? {} : heldBy(mover);
  await jobs.updateMany({ _id: { $in: ids }, ...isWaiting, ...ofBroker, ...free }, [set(hold)]);
  const projection = { raw: 1, queue: 1, generation: 1, status: 1, leaving: 1 } as const;
  const found = await jobs.find<Stored>({ _id: { $in: ids } }, { projection }).toArray();
  const byId = new Map(found.map((stored) => [String(stored._id), stored]));
  for (const one of incoming) one.answer(answerOf(one, byId.get(one.id)));
  return incoming.filter(({ id, document }) => document.held !== undefined && !byId.has(id));
}

/** What waits here and is free has been taken over by now. */
function isAnothers({ status, leaving }: Stored, mover: Token | undefined): boolean {
  const by = (leaving as JobDocument["leaving"])?.by;
  return mover !== undefined && placeOf({ status }) === "waiting" && by !== undefined && by !== mover;
}

function answerOf({ document }: Incoming, stored: Stored | undefined): ReceiveAnswer {
  if (!stored) return "invalid";
  const isHere = stored.raw !== true && stored.queue === document.queue;
  if (isHere && (stored.generation as number) >= document.generation)
    return isAnothers(stored, document.leaving?.by) ? "started" : "done";
  return document.held === undefined ? "invalid" : "keyTaken";
}
