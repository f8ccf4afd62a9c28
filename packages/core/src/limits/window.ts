/**
 * The first time from `from` on at which one more start leaves no window of `per` milliseconds with more than `max`. Starts
 * may lie before and behind it. Any `max` of them that lie within a window keep others away from all of it.
 *
 * @param starts in order
 */
export function firstFree(starts: readonly number[], max: number, per: number, from: number): number {
  let at = from;
  for (let last = max - 1; last < starts.length; last++) {
    const [opens, closes] = [(starts[last] as number) - per, (starts[last - max + 1] as number) + per];
    if (at > opens && at < closes) at = closes;
  }
  return at;
}

/**
 * The first time behind all of these at which one more start leaves no window with more than `max`.
 *
 * @param lists each in order
 */
export function behind(lists: readonly (readonly number[])[], max: number, per: number): number {
  const left = lists.map(({ length }) => length);
  let before = Number.POSITIVE_INFINITY;
  for (let i = 0; i < max && before > Number.NEGATIVE_INFINITY; i++) before = takeLast(lists, left);
  return before + per;
}

/** The last of all that are left; endless past where there is none. */
function takeLast(lists: readonly (readonly number[])[], left: number[]): number {
  const ends = lists.map((list, i) => list[(left[i] as number) - 1] ?? Number.NEGATIVE_INFINITY);
  const last = Math.max(...ends);
  const place = ends.indexOf(last);
  left[place] = (left[place] as number) - 1;
  return last;
}
