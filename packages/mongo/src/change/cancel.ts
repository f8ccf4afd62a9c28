import { type ChangeAnswer, defaults, type JobRef } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { isWaiting } from "../documents/filters.js";
import { ended } from "../documents/updates.js";
import { hasArrived, movingAsStarted } from "../move/hold.js";
import { changeAll } from "./change.js";

/** Ends waiting jobs. A claimer that has read one of them is refused by its revision. */
export async function cancel(connection: Connection, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const update = (change: string) => ended("cancel", defaults.keepResults, { change });
  return movingAsStarted(await changeAll(connection, refs, { ...isWaiting, ...hasArrived }, update));
}
