import type { Claim, SettleAnswer, Settlement } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { codeOf, duplicateKey, isClosed, isUnavailable } from "../connection/errors.js";
import { ofStore } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";
import { replacedBy } from "../documents/updates.js";
import { settle, storeUpdates } from "../settle/settle.js";
import type { Item } from "../settle/settle-batch.js";
import { bare, startOf } from "./bare.js";

/**
 * Records outcomes, each by its own delivery.
 *
 * @param claims the deliveries, in the same order: an outcome whose start was never recorded, or was rolled back, makes
 * its document from them
 */
export function recordOutcomes(
  connection: Connection,
  settlements: readonly Settlement[],
  claims: readonly Claim[] = [],
  workers: readonly string[] = [],
): Promise<SettleAnswer[]> {
  return settle(connection, settlements, {
    updates: storeUpdates,
    fencesLife: true,
    land: (item) => land(connection, item, claims[item.place], workers[item.place]),
  });
}

/** Makes the document that should be there, then ends it; `undefined` when a delivery of this life or a later has it. */
async function land(
  connection: Connection,
  item: Item,
  claim: Claim | undefined,
  worker: string | undefined,
): Promise<SettleAnswer | undefined> {
  if (!claim) return undefined;
  const document = startOf({ ...claim, token: item.settlement.token }, worker);
  try {
    return await make(connection, item, document);
  } catch (error) {
    if (isUnavailable(error) || isClosed(error)) throw error;
    return make(connection, item, bare(document, error));
  }
}

async function make(
  { jobs }: Connection,
  { _id, kind, patch }: Item,
  document: JobDocument,
): Promise<SettleAnswer | undefined> {
  const filter = { _id, ...ofStore, generation: { $lt: document.generation } };
  const update = [...replacedBy(document), ...storeUpdates[kind]([_id], [patch])];
  try {
    await jobs.updateOne(filter, update, { upsert: true });
    return { state: "settled" };
  } catch (error) {
    if (codeOf(error) === duplicateKey) return undefined;
    throw error;
  }
}
