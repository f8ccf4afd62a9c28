import { isGiveBack, type SettleAnswer, type Settlement } from "@tandemq/core";
import { within } from "../within.js";
import type { RawContext } from "./context.js";
import type { Held } from "./held-claims.js";
import { letGoTaken } from "./let-go-taken.js";

/**
 * So long a give-back waits for each write that is to tell of it, or is on its way, milliseconds: a store that hangs must
 * not keep the job from the next worker. A write that comes later finds the next delivery's, whose start is recorded before it runs.
 */
const patience = 1_000;

/** The entries go back. What the documents say until the next start is only for the eye, and fenced by the token. */
export async function giveBack(context: RawContext, settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
  const { live, store, held, late, health } = context;
  await within(patience, letGoTaken(context, settlements)).catch(() => undefined);
  const begun = settlements.filter(({ outcome }) => isGiveBack(outcome) && !outcome.limited);
  if (health.good) await within(patience, late.record(heldOf(context, begun))).catch(() => undefined);
  const work = async () => {
    const answers = await live.settle(settlements);
    const told = settlements.filter((one, i) => answers[i]?.state === "settled" && !held.get(one)?.start);
    if (told.length > 0) await within(patience, store.recordOutcomes(told)).catch(() => []);
    return answers;
  };
  return late.end(heldOf(context, settlements), work, patience);
}

function heldOf({ held }: RawContext, settlements: readonly Settlement[]): Held[] {
  return settlements.map((one) => held.get(one)).filter((one) => one !== undefined);
}
