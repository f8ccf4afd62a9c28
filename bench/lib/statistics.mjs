export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = sorted[Math.min(below + 1, sorted.length - 1)];
  return sorted[below] + (above - sorted[below]) * (place - below);
}

export const median = (values) => quantile(values, 0.5);

/** Median, least and greatest of the rounds. */
export function summarize(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), rounds: values };
}

/** Ratios of two series round by round: machine noise that lasts longer than a round falls out. */
export function ratioOf(values, reference) {
  return summarize(values.map((value, round) => value / reference[round]));
}

/** How many rounds were measured, as text: "5", or "2 to 5" where not everything had as many. */
export function roundsOf(results) {
  const counts = results.flatMap(({ series }) => series.map(({ rounds }) => rounds?.length ?? 0)).filter((n) => n > 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(most) : `${least} to ${most}`;
}
