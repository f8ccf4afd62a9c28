import type { EnqueueAnswer, OnDuplicate } from "@tandemq/core";
import type { Document } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { isWaiting } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";
import { replacedByNew, set } from "../documents/updates.js";
import type { Draft } from "./insert.js";

/**
 * Changes the waiting job that has the draft's key, in one step; `undefined` when there is none: it has started, or the
 * key is free by now.
 */
export async function meetOwner({ jobs }: Connection, draft: Draft): Promise<EnqueueAnswer | undefined> {
  const { onDuplicate, document } = draft;
  if (onDuplicate === "keep" || document.held === undefined) return undefined;
  const filter = { queue: document.queue, held: document.held, heldUntil: { $exists: false }, ...isWaiting };
  const found = await jobs.findOneAndUpdate(filter, update(document, draft.isDueNow, onDuplicate), {
    projection: { _id: 1 },
  });
  const change = onDuplicate === "replace" ? "replaced" : "extended";
  return found ? { state: "enqueued", id: found._id.toHexString(), created: false, change } : undefined;
}

/** A job that is in line keeps its place when it is to be due at once. */
function update(document: JobDocument, isDueNow: boolean, onDuplicate: OnDuplicate): Document[] {
  const due = isDueNow ? { $min: ["$due", "$$NOW"] } : { $literal: document.due };
  return onDuplicate === "replace" ? replacedByNew(document, due) : [set({ due })];
}
