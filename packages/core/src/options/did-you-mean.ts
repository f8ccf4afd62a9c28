/** The known word nearest to `word`, if one is near enough to be meant (at most a third of its letters differ). */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** The sentence for an unknown key. */
export function unknownKeyMessage(key: string, known: readonly string[]): string {
  const near = didYouMean(key, known);
  return `unknown option "${key}"${near ? `, did you mean "${near}"?` : `; known are ${known.join(", ")}`}`;
}

/**
 * Letters to add, drop, change or swap with their neighbour to make one word of the other.
 * Source: optimal string alignment, after F. Damerau, 1964.
 */
function editDistance(a: string, b: string): number {
  let [twoAbove, above]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = at(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? at(twoAbove, j - 2) + 1 : change;
      row.push(Math.min(change, swap, at(above, j) + 1, at(row, j - 1) + 1));
    }
    [twoAbove, above] = [above, row];
  }
  return at(above, b.length);
}

function at(row: readonly number[], i: number): number {
  return row[i] ?? Number.POSITIVE_INFINITY;
}
