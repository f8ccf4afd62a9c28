import { Random } from "../faults/random.mjs";
import { modes } from "./plan.mjs";

/** How a life is lived: all of it follows from the seed, but what the options fix. */
export function setupOf(seed, options) {
  const random = new Random(seed * 7919 + 13);
  const is = (share) => random.share() < share;
  const processes = [random.pick([0, 1, 2]), ...(is(0.5) ? [random.pick([0, 1, 2])] : [])];
  const chosen = random.pick(["none", "workers", "workers", "stores"]);
  const faults = options.faults ?? chosen;
  const inline = processes.includes(0);
  return {
    ...{ seed, processes, inline, faults },
    modes: is(0.6) ? modes : [random.pick(modes)],
    codec: is(0.25),
    kinds: is(0.5),
    poison: is(0.3) && (!inline || faults !== "none"),
    // A move between modes whose store died is done by its mover, asked again, or after ten minutes.
    crossing: is(0.5) && faults !== "stores",
    elsewhere: is(0.5),
    vanishing: is(0.5) && faults !== "none",
    programs: random.between(2, 5),
    pause: random.pick([10, 40, 120]),
    concurrency: random.pick([3, 8, 20]),
    seconds: options.seconds,
  };
}
