import type { QueueKind } from "../ports/registry.js";

/** Who is first among jobs of one priority: the first that came, or the last. */
export const queueOrders = ["fifo", "lifo"] as const;
export type QueueOrder = (typeof queueOrders)[number];

/** How a queue is ordered, and what its jobs' ends mean for it. */
export interface QueueShape {
  readonly kind: QueueKind;
  readonly order: QueueOrder;
  /** In a `timed` queue: milliseconds after a run's end at which its entry comes due again, unless the task says otherwise. */
  readonly again?: number | undefined;
}

/** Tells the shape of each queue. Asked for every call: must be quick. */
export type ShapeOf = (queue: string) => QueueShape;

export const plainShape: QueueShape = { kind: "fifo", order: "fifo" };
