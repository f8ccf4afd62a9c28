import type { FailureOutcome, SuccessOutcome } from "../model/claim.js";
import type { Job } from "../model/job.js";
import { againOf } from "../rules/again-of.js";
import type { Entry } from "./entry.js";
import type { MemoryStore } from "./memory-store.js";
import { placeTime } from "./place.js";
import { reborn } from "../rules/reborn.js";

/** After the end of `job`, the entry of a timed queue stays as its next life, or not: then `false`. */
export function staysAfter(
  store: MemoryStore,
  entry: Entry,
  job: Job,
  outcome: SuccessOutcome | FailureOutcome,
): boolean {
  const shape = store.shapeOf(job.queue);
  const now = store.now();
  const again = entry.later === undefined ? againOf(shape, outcome) : { at: entry.later };
  if (!again) return false;
  const at = placeTime(shape, again, now);
  store.forgetRun(entry);
  entry.job = { ...reborn(job, now), due: new Date(at) };
  entry.place = at;
  entry.later = undefined;
  return true;
}
