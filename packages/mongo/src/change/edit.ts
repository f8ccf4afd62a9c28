import type { ChangeAnswer, Due, JobChange, JobRef } from "@tandemq/core";
import type { Document } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { parseParams } from "../documents/encode.js";
import { isWaiting } from "../documents/filters.js";
import { fromNow, set } from "../documents/updates.js";
import { changeAll } from "./change.js";

/**
 * Changes a waiting job. A job that is moved to another queue gives up its unique key.
 *
 * @throws InvalidParamsError when the params are not the text of a JSON object
 */
export async function edit(connection: Connection, ref: JobRef, change: JobChange): Promise<ChangeAnswer> {
  const fields = fieldsOf(change);
  const moves = change.queue !== undefined && change.queue !== ref.queue;
  const update = (mark: string) => [set({ ...fields, change: mark }), ...(moves ? [{ $unset: "held" }] : [])];
  const [answer = "missing"] = await changeAll(connection, [ref], isWaiting, update);
  return answer;
}

function fieldsOf({ params, priority, due, queue }: JobChange): Document {
  return {
    ...(params !== undefined && { params: { $literal: parseParams(params) } }),
    ...(priority !== undefined && { priority: { $literal: priority } }),
    ...(due && { due: dueOf(due) }),
    ...(queue !== undefined && { queue: { $literal: queue } }),
  };
}

/** A time that has passed means now. */
function dueOf(due: Due): Document {
  return "at" in due ? { $max: [{ $literal: new Date(due.at) }, "$$NOW"] } : fromNow(due.after);
}
