import { againOf, endsJob, isGiveBack, type Outcome, type SettleAnswer, type Settlement } from "@tandemq/core";
import { isOver } from "../merge-job.js";
import { allDone, answerSome, placesOf } from "../pick.js";
import { letGo, type RawContext } from "./context.js";
import { giveBack } from "./give-back.js";
import { letGoTaken } from "./let-go-taken.js";
import { recordOutcomes } from "./record-outcomes.js";

const lost: SettleAnswer = { state: "lost" };

/**
 * Ends deliveries. An outcome is stored before its entry goes, and the document decides who was first. A delivery that
 * is given back needs no document to be safe: its entry goes first, so that it is in line even when the store is away.
 */
export async function settle(context: RawContext, given: readonly Settlement[]): Promise<SettleAnswer[]> {
  const settlements = given.map((one) => ({
    ...one,
    generation: one.generation ?? context.held.get(one)?.claim.generation,
    outcome: withAgain(context, one),
  }));
  const answers: (SettleAnswer | undefined)[] = given.map(() => undefined);
  const back = placesOf(settlements, ({ outcome }) => isGiveBack(outcome));
  const ended = placesOf(settlements, ({ outcome }) => !isGiveBack(outcome));
  await allDone([
    answerSome(answers, settlements, back, (some) => giveBack(context, some)),
    answerSome(answers, settlements, ended, (some) => settleByDocument(context, some)),
  ]);
  given.forEach((hold, i) => {
    if (answers[i]?.state !== "refused") letGo(context, hold);
  });
  return answers.map((answer) => answer ?? lost);
}

/** What becomes of a timed queue's entry is settled first, so that document and entry say the same. */
function withAgain({ shapeOf }: RawContext, { queue, outcome }: Settlement): Outcome {
  const shape = shapeOf(queue);
  if (shape.kind !== "timed" || !endsJob(outcome)) return outcome;
  return { ...outcome, again: againOf(shape, outcome) ?? false };
}

async function settleByDocument(context: RawContext, settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
  await letGoTaken(context, settlements);
  const answers = await recordOutcomes(context, settlements);
  const settled = (place: number) => answers[place]?.state === "settled";
  const retries = placesOf(settlements, ({ outcome }, i) => settled(i) && !endsJob(outcome));
  const over = placesOf(settlements, ({ outcome }, i) => settled(i) && endsJob(outcome));
  const leftBehind = await overWithoutUs(context, settlements, answers);
  await allDone([
    removeEntries(
      context,
      [...over, ...leftBehind].map((place) => settlements[place] as Settlement),
    ),
    answerSome(answers, settlements, retries, (some) => context.live.settle(some)),
  ]);
  return answers.map((answer) => answer ?? lost);
}

/** The places of those that are lost because this life of the job is over: their entries have no reason to stay. */
async function overWithoutUs(
  { store }: RawContext,
  settlements: readonly Settlement[],
  answers: readonly (SettleAnswer | undefined)[],
): Promise<number[]> {
  const places = placesOf(settlements, ({ generation }, i) => answers[i]?.state === "lost" && generation !== undefined);
  if (places.length === 0) return [];
  const documents = await store.get(places.map((place) => settlements[place]?.id ?? ""));
  return places.filter((place, i) => isOver(documents[i], settlements[place]?.generation ?? Number.POSITIVE_INFINITY));
}

/** Fenced by the token, so that an entry that another delivery holds stays; that delivery is told `lost` and removes it. */
async function removeEntries({ live }: RawContext, settlements: readonly Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  await live.settle(
    settlements.map(({ id, queue, token, outcome }) => ({ id, queue, token, outcome: removal(outcome) })),
  );
}

function removal(outcome: Outcome): Outcome {
  return { status: "success", ...("again" in outcome ? { again: outcome.again } : {}) };
}
