import { NotSupportedError } from "../errors/errors.js";
import type { QueueShape, ShapeOf } from "../model/queue-shape.js";

/** What decides the place of a job in a queue, as one word. */
export type Manner = "fifo" | "lifo" | "sorted" | "timed";

export function mannerOf({ kind, order }: QueueShape): Manner {
  return kind === "sorted" || kind === "timed" ? kind : order;
}

/** Whether the caller's score or time alone is the order of a queue, so that a priority orders nothing there. */
export function isOrderedByCaller({ kind }: Pick<QueueShape, "kind">): boolean {
  return kind === "sorted" || kind === "timed";
}

/**
 * Places in differently ordered queues say different things; an entry of a `timed` queue is tied to its key.
 *
 * @throws NotSupportedError when a job cannot go from one of the queues to the other
 */
export function assertSameOrder(shapeOf: ShapeOf, from: string, to: string): void {
  if (from === to) return;
  const [left, right] = [mannerOf(shapeOf(from)), mannerOf(shapeOf(to))];
  if (left === right && left !== "timed") return;
  throw new NotSupportedError(
    `a job cannot be moved from queue "${from}" (${left}) to "${to}" (${right}): enqueue it there, and remove it here`,
  );
}

/**
 * A copy brings neither score nor time along.
 *
 * @throws NotSupportedError when a job of another queue cannot be put into the queue
 */
export function assertTakesCopies(queue: string, { kind }: Pick<QueueShape, "kind">): void {
  if (!isOrderedByCaller({ kind })) return;
  throw new NotSupportedError(
    `jobs of other queues cannot go to queue "${queue}": it is of kind "${kind}", ordered by the caller's ${kind === "sorted" ? "score" : "time"}; enqueue them there`,
  );
}
