import type { Due } from "../model/job.js";

/** When a job comes due. A time that has passed means now: it is not a way to the front of the line. */
export function dueTime(due: Due, now: number): number {
  return "at" in due ? Math.max(due.at, now) : now + due.after;
}
