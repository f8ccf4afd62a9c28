/** Anything that has slots. */
export interface Roomy {
  /** Slots that are free; less than 0 where items wait for one. */
  readonly free: number;
  /** Items that can be given to it now. */
  readonly room: number;
}

/** Deals items out one by one, each to where most slots are free. What finds no room is returned as `left`. */
export function spread<P extends Roomy, T>(
  places: readonly P[],
  items: readonly T[],
): { hands: Map<P, T[]>; left: T[] } {
  const hands = new Map<P, T[]>();
  const room = places.filter(({ room }) => room > 0).map((place) => ({ place, free: place.free, room: place.room }));
  let dealt = 0;
  for (; dealt < items.length; dealt++) {
    const best = roomiest(room);
    if (!best) break;
    best.free--;
    best.room--;
    const hand = hands.get(best.place);
    if (hand) hand.push(items[dealt] as T);
    else hands.set(best.place, [items[dealt] as T]);
  }
  return { hands, left: items.slice(dealt) };
}

function roomiest<R extends Roomy>(room: readonly R[]): R | undefined {
  let best: R | undefined;
  for (const one of room) if (one.room > 0 && (!best || one.free > best.free)) best = one;
  return best;
}
