import { plainShape, type QueueShape } from "@tandemq/core";
import { hour } from "./hour.js";

/** The shapes under test, by the beginning of the queue's name. */
export const shapes: Readonly<Record<"lifo" | "sorted" | "timed" | "again", QueueShape>> = {
  lifo: { kind: "fifo", order: "lifo" },
  sorted: { kind: "sorted", order: "fifo" },
  timed: { kind: "timed", order: "fifo" },
  again: { kind: "timed", order: "fifo", again: hour },
};

export function shapeOf(queue: string): QueueShape {
  const found = Object.entries(shapes).find(([name]) => queue.startsWith(`${name}-`));
  return found?.[1] ?? plainShape;
}
