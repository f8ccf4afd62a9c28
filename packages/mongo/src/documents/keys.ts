import type { Document } from "mongodb";

/** Asked first: most keys, and all jobs without one, say no time. */
const hasTime: Document = { $isNumber: "$key.for" };
const keyTime: Document = { $add: ["$queuedAt", "$key.for"] };
const lasts: Document = { $and: [hasTime, "$held", { $gt: [keyTime, "$$NOW"] }] };

/** The job's life takes its key no longer; its time may. */
export const keyLetGo: Document = {
  held: { $cond: [lasts, "$held", "$$REMOVE"] },
  heldUntil: { $cond: [lasts, keyTime, "$$REMOVE"] },
};

/** The same, where the condition is true. */
export function letKeyGo(condition: Document): Document {
  const { held, heldUntil } = keyLetGo;
  return {
    held: { $cond: [condition, held, "$held"] },
    heldUntil: { $cond: [condition, heldUntil, "$heldUntil"] },
  };
}

/** A time, or later where the job has its key for longer. */
export function asLongAsKey(time: Document): Document {
  return { $cond: [hasTime, { $max: [time, { $cond: ["$held", keyTime, null] }] }, time] };
}

/** Where the job moves to another queue: what only its time takes is free, what its life takes goes along. */
export function keyMoved(moves: Document): Document {
  const isFreed = { $and: [moves, { $gt: ["$heldUntil", null] }] };
  return {
    held: { $cond: [isFreed, "$$REMOVE", "$held"] },
    heldUntil: { $cond: [isFreed, "$$REMOVE", "$heldUntil"] },
  };
}
