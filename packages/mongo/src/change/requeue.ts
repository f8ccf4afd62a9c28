import { type ChangeAnswer, type JobRef, plainShape, type ShapeOf } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { isFinal } from "../documents/filters.js";
import { plus, reborn } from "../documents/updates.js";
import { changeKeyed } from "./change-keyed.js";

const isText = { $eq: [{ $type: "$key.value" }, "string"] };
const held = { $cond: [isText, "$key.value", "$$REMOVE"] };
const next = { $max: [2, plus("generation", 1)] };

/** Puts final jobs back in line as a new life, each with its unique key, as far as that is free. */
export function requeue(connection: Connection, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  return changeKeyed(connection, refs, isFinal, (change) => reborn(next, { due: "$$NOW", held, change }));
}

/** As `requeue`, in a queue that may be another, of this order. */
export function requeueInto(
  connection: Connection,
  refs: readonly JobRef[],
  queue: string,
  shapeOf: ShapeOf = () => plainShape,
): Promise<ChangeAnswer[]> {
  const there = { queue: { $literal: queue }, lifo: shapeOf(queue).order === "lifo" ? true : "$$REMOVE" };
  return changeKeyed(connection, refs, isFinal, (change) => reborn(next, { due: "$$NOW", held, change, ...there }));
}
