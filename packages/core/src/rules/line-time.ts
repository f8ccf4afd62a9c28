import type { Job } from "../model/job.js";

/**
 * The time that gives a waiting job its place among others, milliseconds since the epoch: when it came due, and for one
 * that was claimed before, when it was queued.
 */
export function lineTime({ deliveries, due, queuedAt }: Pick<Job, "deliveries" | "due" | "queuedAt">): number {
  return (deliveries > 0 ? queuedAt : (due ?? queuedAt)).getTime();
}
