import {
  assertSameOrder,
  type ChangeAnswer,
  type Due,
  type JobChange,
  type JobRef,
  plainShape,
  type ShapeOf,
} from "@tandemq/core";
import type { Document } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { parseParams } from "../documents/encode.js";
import { isWaiting } from "../documents/filters.js";
import { keyMoved } from "../documents/keys.js";
import { fromNow, set } from "../documents/updates.js";
import { hasArrived, isFreeFor, movingAsStarted } from "../move/hold.js";
import { changeAll } from "./change.js";
import { changeKeyed } from "./change-keyed.js";

/**
 * Changes waiting jobs. One that is to move, and whose unique key is another's there, stays as it is.
 *
 * @throws NotSupportedError when the queues are ordered differently
 * @throws InvalidParamsError when the params are not the text of a JSON object
 */
export async function edit(
  connection: Connection,
  refs: readonly JobRef[],
  change: JobChange,
  shapeOf: ShapeOf = () => plainShape,
): Promise<ChangeAnswer[]> {
  const { queue, ...rest } = change;
  if (queue !== undefined) for (const ref of refs) assertSameOrder(shapeOf, ref.queue, queue);
  const fields = { ...(queue !== undefined && movedTo(queue)), ...fieldsOf(rest) };
  const changeThese = queue === undefined ? changeAll : changeKeyed;
  const allowed = { ...isWaiting, ...(queue === undefined ? hasArrived : isFreeFor()) };
  return movingAsStarted(await changeThese(connection, refs, allowed, (change) => [set({ ...fields, change })]));
}

function fieldsOf({ params, priority, tags, due }: Omit<JobChange, "queue">): Document {
  return {
    ...(params !== undefined && { params: { $literal: parseParams(params) } }),
    ...(priority !== undefined && { priority: { $literal: priority } }),
    ...(tags && { tags: { $literal: tags } }),
    ...(due && { due: dueOf(due) }),
  };
}

function movedTo(queue: string): Document {
  const isElsewhere = { $ne: ["$queue", { $literal: queue }] };
  return { queue: { $literal: queue }, due: arrived, ...keyMoved(isElsewhere) };
}

/** One that is parked still, after its mover's death, is due at its own time. */
const arrived = { $cond: [{ $eq: ["$parked.until", "$due"] }, "$parked.due", "$due"] };

/** A time that has passed means now. */
function dueOf(due: Due): Document {
  return "at" in due ? { $max: [{ $literal: new Date(due.at) }, "$$NOW"] } : fromNow(due.after);
}
