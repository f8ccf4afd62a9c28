/** Runs one batched question for some of the items and puts the answers into their places. */
export async function answerSome<Q, A>(
  answers: (A | undefined)[],
  items: readonly Q[],
  places: readonly number[],
  ask: (some: Q[]) => Promise<readonly (A | undefined)[]>,
): Promise<void> {
  if (places.length === 0) return;
  const some = await ask(places.map((place) => items[place] as Q));
  places.forEach((place, i) => {
    answers[place] = some[i];
  });
}

/** The places of the items that match. */
export function placesOf<T>(items: readonly T[], matches: (item: T, place: number) => boolean): number[] {
  return items.flatMap((item, place) => (matches(item, place) ? [place] : []));
}

/** Waits for all, so that nothing goes on unwatched, and then rejects with the first rejection, if there was one. */
export async function allDone(promises: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(promises)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}
