import type { FailureOutcome, SuccessOutcome } from "../model/claim.js";
import type { Due } from "../model/job.js";
import type { QueueShape } from "../model/queue-shape.js";

/** Ends that are the entry's end, too, whatever the queue's rule says. */
const forGood: ReadonlySet<string> = new Set(["cancel", "abort", "expired"]);

/** When the entry of a `timed` queue comes due again after this end: by the task's word, else by the queue's rule. */
export function againOf({ kind, again }: QueueShape, outcome: SuccessOutcome | FailureOutcome): Due | undefined {
  if (kind !== "timed") return undefined;
  if (outcome.again !== undefined) return outcome.again === false ? undefined : outcome.again;
  return again === undefined || forGood.has(outcome.status) ? undefined : { after: again };
}
