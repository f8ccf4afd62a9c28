import {
  BrokerUnavailableError,
  endsJob,
  type Outcome,
  type Run,
  type SettleAnswer,
  type Settlement,
} from "@tandemq/core";
import { allDone, answerSome, placesOf } from "../pick.js";
import type { RawContext } from "./context.js";
import type { Held } from "./held-claims.js";

type Answers = (SettleAnswer | undefined)[];

/**
 * Records how deliveries ended. One whose start was not recorded yet gets its document whole, in one write; those whose
 * claims are known here go with them, place by place; for the others there is only the document.
 */
export async function recordOutcomes(context: RawContext, settlements: readonly Settlement[]): Promise<Answers> {
  const { held, late } = context;
  const holders = settlements.map((settlement) => held.get(settlement));
  const known = holders.filter((one) => one !== undefined);
  await recordFirst(context, holders.filter((one, i) => one?.start && !isOneWrite(settlements[i]?.outcome)) as Held[]);
  return late.end(known, () => recordEach(context, settlements, holders));
}

/** Whether start and outcome can be written as one document. */
function isOneWrite(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && endsJob(outcome) && outcome.status !== "expired" && !outcome.again;
}

/** A start that the store refuses is left to the outcome, which tells why. */
async function recordFirst({ late }: RawContext, some: readonly Held[]): Promise<void> {
  if (some.length === 0) return;
  await late.record(some).catch((error: unknown) => {
    if (error instanceof BrokerUnavailableError) throw error;
  });
}

async function recordEach(
  { store, health }: RawContext,
  settlements: readonly Settlement[],
  holders: readonly (Held | undefined)[],
): Promise<Answers> {
  const isRun = (place: number) => holders[place]?.start !== undefined && isOneWrite(settlements[place]?.outcome);
  const runs = placesOf(holders, (_, place) => isRun(place));
  const known = placesOf(holders, (one, place) => one !== undefined && !isRun(place));
  const unknown = placesOf(holders, (one) => one === undefined);
  const answers: Answers = settlements.map(() => undefined);
  const places = settlements.map((_, place) => place);
  const settlementsAt = (some: readonly number[]) => some.map((place) => settlements[place] as Settlement);
  const heldAt = (place: number) => holders[place] as Held;
  const runAt = (place: number): Run => ({ ...heldAt(place), settlement: settlements[place] as Settlement });
  await allDone([
    answerSome(answers, places, runs, (some) => health.watch(() => store.recordRuns(some.map(runAt)))),
    answerSome(answers, places, known, (some) => {
      const claims = some.map((place) => heldAt(place).claim);
      return health.watch(() => store.recordOutcomes(settlementsAt(some), claims));
    }),
    answerSome(answers, places, unknown, (some) => store.recordOutcomes(settlementsAt(some))),
  ]);
  return answers;
}
