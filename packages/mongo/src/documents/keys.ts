import type { Document } from "mongodb";

/** The time until which the job's key is taken at least; null for most jobs. */
export const keyTime: Document = {
  $cond: [{ $and: [{ $isNumber: "$key.for" }, "$held"] }, { $add: ["$queuedAt", "$key.for"] }, null],
};

const lasts = { $gt: [keyTime, "$$NOW"] };

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

/** Where the job moves to another queue: what only its time takes is free, what its life takes goes along. */
export function keyMoved(moves: Document): Document {
  const isFreed = { $and: [moves, { $gt: ["$heldUntil", null] }] };
  return {
    held: { $cond: [isFreed, "$$REMOVE", "$held"] },
    heldUntil: { $cond: [isFreed, "$$REMOVE", "$heldUntil"] },
  };
}
