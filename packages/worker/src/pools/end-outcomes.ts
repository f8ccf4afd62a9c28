import type { Outcome } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { ChildEnd } from "./executor-pool.js";

const givenBack: Outcome = { status: "interrupt" };
const lost: Outcome = { status: "interrupt", lost: true };

/**
 * What becomes of the jobs that ran in a child when it ended.
 *
 * A run beyond its hard limit (`verdicts`) gets its timeout, its neighbours go back free. Where the child could tell
 * who ended it (`blamed`, 0 = code of a run that is over), that run counts as lost and its neighbours go back free;
 * where nobody can tell, all count as lost and will run alone.
 */
export function endOutcomes(
  end: Pick<ChildEnd, "running" | "intended">,
  verdicts: ReadonlyMap<number, Outcome>,
  blamed: number | undefined,
): [Delivery, Outcome][] {
  const others = verdicts.size > 0 || end.intended || blamed !== undefined ? givenBack : lost;
  return end.running.map((delivery) => [delivery, verdicts.get(delivery.n) ?? (delivery.n === blamed ? lost : others)]);
}
