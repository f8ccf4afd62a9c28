/** Judges figures (data, see `figures/`) by the series of a run. */
import { ratioOf, summarize } from "./statistics.mjs";

/** Figures whose series were measured, each with its value, spread and verdict: held, missed, failed, or told only. */
export function judge(figures, results) {
  const series = new Map(results.flatMap((one) => one.series.map((it) => [`${it.case}: ${it.variant}`, it])));
  const known = ({ ours, against }) => series.has(ours) && (!against || series.has(against));
  return figures.filter(known).map((figure) => judgeOne(figure, series.get(figure.ours), series.get(figure.against)));
}

function judgeOne(figure, ours, against) {
  const error = ours.error ?? against?.error;
  if (error) return { ...figure, error, verdict: (figure.atLeast ?? figure.atMost) ? "failed" : "told" };
  const value = against ? ratioOf(ours.rounds, against.rounds) : summarize(ours.rounds);
  return { ...figure, value, verdict: verdictOf(figure, value.median) };
}

function verdictOf({ atLeast, atMost }, value) {
  if (atLeast === undefined && atMost === undefined) return "told";
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity) ? "held" : "missed";
}
