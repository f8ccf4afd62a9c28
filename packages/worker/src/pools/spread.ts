/** Anything that has free slots. */
export interface Roomy {
  readonly free: number;
}

/** Deals items out one by one, each to where most room is left. What finds no room is returned as `left`. */
export function spread<P extends Roomy, T>(
  places: readonly P[],
  items: readonly T[],
): { hands: Map<P, T[]>; left: T[] } {
  const hands = new Map<P, T[]>();
  const room = places.filter((place) => place.free > 0).map((place) => ({ place, free: place.free }));
  let dealt = 0;
  for (; dealt < items.length; dealt++) {
    const best = roomiest(room);
    if (!best) break;
    best.free--;
    const hand = hands.get(best.place);
    if (hand) hand.push(items[dealt] as T);
    else hands.set(best.place, [items[dealt] as T]);
  }
  return { hands, left: items.slice(dealt) };
}

function roomiest<R extends Roomy>(room: readonly R[]): R | undefined {
  let best: R | undefined;
  for (const one of room) if (one.free > (best?.free ?? 0)) best = one;
  return best;
}
