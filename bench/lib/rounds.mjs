/** Runs a case: every variant once per round, each round in another order, so that all share the machine's moods. */
import { summarize } from "./statistics.mjs";

/**
 * A case is `{ name, unit, variants, measure(services, variant, round) }`; a variant has a `name`. `rounds` bounds its
 * rounds, also those of a single variant, `prepare(services)` is called once before them, and `sides` are further figures of the same measurements: then
 * `measure` gives an object, `value` and what each side picks. A measurement that fails ends its variant: the error is kept and the others
 * go on.
 */
export async function runCase(theCase, { services, rounds, tell }) {
  const series = new Map(theCase.variants.map((variant) => [variant.name, { taken: [] }]));
  tell(`${theCase.name} · preparing`);
  const unprepared = await attempt(() => theCase.prepare?.(services, theCase.variants));
  for (let round = 0; round < Math.min(rounds, theCase.rounds ?? rounds); round += 1) {
    for (const variant of rotated(theCase.variants, round)) {
      const one = series.get(variant.name);
      one.error ??= unprepared.error;
      if (one.error || round >= (variant.rounds ?? rounds)) continue;
      tell(`${theCase.name} · round ${round + 1} of ${rounds} · ${variant.name}`);
      const { value, error } = await attempt(() => theCase.measure(services, variant, round));
      if (error) one.error = error;
      else one.taken.push(typeof value === "number" ? { value } : value);
    }
  }
  return resultsOf(theCase, series);
}

async function attempt(action) {
  try {
    return { value: await action() };
  } catch (error) {
    return { error: error.message.split("\n")[0] };
  }
}

/** One result for the case, one for each of its sides. */
function resultsOf({ variants, sides = [], name, title, unit }, series) {
  return [{ name, title, unit, pick: "value" }, ...sides].map(({ name, title, unit, pick }) => ({
    name,
    title,
    unit,
    series: variants.map((variant) => {
      const { taken, error } = series.get(variant.name);
      const values = taken.map((one) => one[pick]).filter((value) => value !== undefined);
      const known = values.length > 0 ? summarize(values) : { error: "not measured here" };
      return { case: name, variant: variant.name, unit, ...(error ? { error } : known) };
    }),
  }));
}

function rotated(list, by) {
  const start = (by * 3) % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
