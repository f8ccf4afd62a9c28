/** Runs a case: every variant once per round, each round in another order, so that all share the machine's moods. */
import { summarize } from "./statistics.mjs";

/**
 * A case is `{ name, unit, variants, measure(services, variant) }`; a variant has a `name`. A measurement that fails
 * ends its variant: the error is kept and the others go on.
 */
export async function runCase(theCase, { services, rounds, tell }) {
  const series = new Map(theCase.variants.map((variant) => [variant.name, { values: [] }]));
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of rotated(theCase.variants, round)) {
      const one = series.get(variant.name);
      if (one.error) continue;
      tell(`${theCase.name} · round ${round + 1} of ${rounds} · ${variant.name}`);
      await theCase.measure(services, variant).then(
        (value) => one.values.push(value),
        (error) => (one.error = error.message.split("\n")[0]),
      );
    }
  }
  return theCase.variants.map(({ name }) => resultOf(theCase, name, series.get(name)));
}

function resultOf({ name, unit }, variant, { values, error }) {
  return { case: name, variant, unit, ...(error ? { error } : summarize(values)) };
}

function rotated(list, by) {
  const start = (by * 3) % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
