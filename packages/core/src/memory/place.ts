import type { Due, Job } from "../model/job.js";
import type { QueueShape } from "../model/queue-shape.js";
import { dueTime } from "./due-time.js";

/** Place in line of a job that comes due then: the lowest is first. */
export function placeOf(shape: QueueShape, { score }: Pick<Job, "score">, due: number): number {
  if (shape.kind === "sorted") return score ?? 0;
  return shape.order === "lifo" ? -due : due;
}

/** When a job comes due, as its queue orders it: in a `timed` queue a time that has passed is a place, too. */
export function placeTime({ kind }: QueueShape, due: Due, now: number): number {
  return kind === "timed" && "at" in due ? due.at : dueTime(due, now);
}
