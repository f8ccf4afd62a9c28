import type { Due, NewJob } from "../model/job.js";

/** When a job comes due. A time that has passed means now: it is not a way to the front of the line. */
export function dueTime(due: Due, now: number): number {
  return "at" in due ? Math.max(due.at, now) : now + due.after;
}

/** The time by which the job's first run must begin. */
export function startByOf({ startBy }: NewJob, now: number): Date | undefined {
  return startBy && new Date("at" in startBy ? startBy.at : now + startBy.after);
}
