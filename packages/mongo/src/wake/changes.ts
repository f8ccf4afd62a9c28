import { finalStatuses } from "@tandemq/core";
import type { Document, ObjectId } from "mongodb";
import { waitingStatuses } from "../documents/filters.js";

/** A change as the stream tells it, after {@link changeStages}. */
export interface Change {
  readonly ns: { readonly coll: string };
  readonly documentKey: { readonly _id: unknown };
  /** Known of whole documents only; updates tell what they changed. */
  readonly queue?: string;
  readonly status?: string;
}

/** What a change means for listeners. */
export type Meaning = { readonly work: string } | { readonly workOf: ObjectId } | { readonly ended: string };

const final: ReadonlySet<string> = new Set(finalStatuses);
const updated = "updateDescription.updatedFields";

/** Lets through what makes work due (also later: then the waiting time changes), and the ends of jobs if wanted. */
export function changeStages(jobs: string, queues: string, withEnds: boolean): Document[] {
  const whole = { operationType: { $in: ["insert", "replace"] } };
  const jobChanges: Document[] = [
    { ...whole, "fullDocument.due": { $exists: true }, "fullDocument.status": { $in: [...waitingStatuses] } },
    { [`${updated}.status`]: { $in: [...waitingStatuses] } },
    { [`${updated}.change`]: { $exists: true }, [`${updated}.status`]: { $exists: false } },
    ...(withEnds ? [{ ...whole, "fullDocument.status": { $in: [...finalStatuses] } }] : []),
    ...(withEnds ? [{ [`${updated}.status`]: { $in: [...finalStatuses] } }] : []),
  ];
  const queueChanges = { "ns.coll": queues, operationType: { $in: ["insert", "update", "replace"] } };
  return [
    { $match: { $or: [{ "ns.coll": jobs, $or: jobChanges }, queueChanges] } },
    {
      $project: {
        ...{ "ns.coll": 1, "documentKey._id": 1, queue: "$fullDocument.queue" },
        status: { $ifNull: ["$fullDocument.status", `$${updated}.status`] },
      },
    },
  ];
}

export function meaningOf({ ns, documentKey, queue, status }: Change, queues: string): Meaning {
  if (ns.coll === queues) return { work: String(documentKey._id) };
  if (status !== undefined && final.has(status)) return { ended: String(documentKey._id) };
  return queue === undefined ? { workOf: documentKey._id as ObjectId } : { work: queue };
}
