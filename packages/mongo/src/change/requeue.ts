import type { ChangeAnswer, JobRef } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { isFinal } from "../documents/filters.js";
import { plus, reborn } from "../documents/updates.js";
import { changeAll } from "./change.js";

/** Puts final jobs back in line as a new life. */
export function requeue(connection: Connection, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const next = { $max: [2, plus("generation", 1)] };
  return changeAll(connection, refs, isFinal, (change) => reborn(next, { due: "$$NOW", change }));
}
