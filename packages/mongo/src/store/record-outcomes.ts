import type { Claim, SettleAnswer, Settlement } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { codeOf, duplicateKey } from "../connection/errors.js";
import { startedDocument } from "../documents/encode.js";
import { ofStore } from "../documents/filters.js";
import { replacedBy } from "../documents/updates.js";
import { settle, storeUpdates } from "../settle/settle.js";
import type { Item } from "../settle/settle-batch.js";

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
): Promise<SettleAnswer[]> {
  return settle(connection, settlements, {
    updates: storeUpdates,
    fencesLife: true,
    land: (item) => land(connection, item, claims),
  });
}

/** Makes the document that should be there, then ends it; `undefined` when a delivery of this life or a later has it. */
async function land(
  { jobs }: Connection,
  { place, _id, kind, patch, settlement }: Item,
  claims: readonly Claim[],
): Promise<SettleAnswer | undefined> {
  const claim = claims[place];
  if (!claim) return undefined;
  const start = startedDocument({ ...claim, token: settlement.token });
  const filter = { _id, ...ofStore, generation: { $lt: claim.generation } };
  try {
    await jobs.updateOne(filter, [...replacedBy(start), ...storeUpdates[kind]([_id], [patch])], { upsert: true });
    return { state: "settled" };
  } catch (error) {
    if (codeOf(error) === duplicateKey) return undefined;
    throw error;
  }
}
