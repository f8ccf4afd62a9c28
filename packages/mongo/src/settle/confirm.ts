import { isSuccess, type Outcome, type SettleAnswer, type Settlement } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { objectIds } from "../documents/ids.js";

/** Jobs that their tasks ended themselves, in transactions of their own. */
export function hasCompleted(settlements: readonly Settlement[]): boolean {
  return settlements.some((settlement) => otherwiseOf(settlement) !== undefined);
}

/**
 * Reads whether the transactions have committed: a document that is over by the delivery's token has its answer. For
 * one that is still held, what is to be settled otherwise is returned in its place.
 */
export async function confirm(
  { jobs }: Connection,
  settlements: readonly Settlement[],
): Promise<(Settlement | SettleAnswer)[]> {
  const ids = settlements.filter(otherwiseOf).map(({ id }) => id);
  const projection = { token: 1, status: 1 } as const;
  const found = await jobs.find({ _id: { $in: objectIds(ids) } }, { projection }).toArray();
  const byId = new Map(found.map((stored) => [stored._id.toHexString(), stored]));
  return settlements.map((settlement) => {
    const otherwise = otherwiseOf(settlement);
    if (!otherwise) return settlement;
    const stored = byId.get(settlement.id);
    if (stored?.token !== settlement.token) return { state: "lost" };
    return stored.status === "started" ? { ...settlement, outcome: otherwise } : { state: "settled" };
  });
}

function otherwiseOf({ outcome }: Settlement): Outcome | undefined {
  return isSuccess(outcome) ? outcome.otherwise : undefined;
}
