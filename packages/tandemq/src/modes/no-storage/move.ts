import {
  type ChangeAnswer,
  type DepartAnswer,
  type Departing,
  type Departure,
  isDeparture,
  isFinal,
  type JobRef,
  type Token,
} from "@tandemq/core";
import { answerSome, placesOf } from "../pick.js";
import { orFinal } from "./change.js";
import type { NoStorageContext } from "./context.js";

/** Begins the token of a job that departs from where failures live: the queue does not know it. */
const fromStore = "document ";

export async function depart(
  context: NoStorageContext,
  refs: readonly JobRef[],
  which?: Departing,
  mover?: Token,
): Promise<DepartAnswer[]> {
  if (which !== "final") return orFinal(context, refs, await context.live.depart(refs, "waiting", mover));
  const { keeping, failures } = context;
  const answers = await keeping.depart(refs, "final");
  const missing = failures ? placesOf(answers, (answer) => answer === "missing") : [];
  await answerSome(answers, refs, missing, async (some) => (await failures?.store.depart(some))?.map(marked) ?? []);
  return answers;
}

function marked(answer: DepartAnswer): DepartAnswer {
  return isDeparture(answer) ? { ...answer, token: `${fromStore}${answer.token}` } : answer;
}

export async function leave(context: NoStorageContext, departures: readonly Departure[]): Promise<ChangeAnswer[]> {
  const answers: (ChangeAnswer | undefined)[] = departures.map(() => undefined);
  for (const { home, places } of homesOf(context, departures))
    await answerSome(answers, departures, places, (some) => home.leave(some.map(unmarked)));
  return answers.map((answer) => answer ?? "missing");
}

export async function stay(context: NoStorageContext, departures: readonly Departure[]): Promise<void> {
  for (const { home, places } of homesOf(context, departures))
    await home.stay(places.map((place) => unmarked(departures[place] as Departure)));
}

type Home = Pick<NoStorageContext["live"], "leave" | "stay">;

/** Waiting jobs are the queue's, dead ones the queue's that keeps them, or the store's. */
function homesOf(
  { live, keeping, failures }: NoStorageContext,
  departures: readonly Departure[],
): readonly { readonly home: Home; readonly places: readonly number[] }[] {
  const isStored = ({ token }: Departure) => token.startsWith(fromStore);
  const isDead = ({ job }: Departure) => isFinal(job.status);
  const homes = [
    { home: live, places: placesOf(departures, (one) => !isDead(one)) },
    { home: keeping, places: placesOf(departures, (one) => isDead(one) && !isStored(one)) },
    { home: failures?.store ?? keeping, places: placesOf(departures, isStored) },
  ];
  return homes.filter(({ places }) => places.length > 0);
}

function unmarked(departure: Departure): Departure {
  const { token } = departure;
  return token.startsWith(fromStore) ? { ...departure, token: token.slice(fromStore.length) } : departure;
}
