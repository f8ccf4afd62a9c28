/** Milliseconds to wait after the n-th failure in a row: doubling from `first` to `most`, half of it random. */
export function backoff(failures: number, first: number, most: number): number {
  const full = Math.min(most, first * 2 ** Math.min(failures - 1, 20));
  return Math.round(full / 2 + (full / 2) * Math.random());
}
