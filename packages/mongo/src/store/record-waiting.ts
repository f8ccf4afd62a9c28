import type { Job } from "@tandemq/core";
import type { AnyBulkWriteOperation } from "mongodb";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { ofStore } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";
import { waitingRawDocument } from "../documents/received-document.js";
import { replacedBy } from "../documents/updates.js";
import { writeDocuments } from "./write-documents.js";

const batchSize = 500;

/** Writes the documents of waiting jobs, where there is none of this life or a later one. */
export async function recordWaiting(connection: Connection, waiting: readonly Job[]): Promise<void> {
  for (const some of chunks(waiting.map(waitingRawDocument), batchSize))
    await writeDocuments(connection, some, upsertOf);
}

function upsertOf(document: JobDocument): AnyBulkWriteOperation<JobDocument> {
  const earlier = [{ generation: { $lt: document.generation } }, { left: true as const }];
  const filter = { _id: document._id, ...ofStore, $or: earlier };
  return { updateOne: { filter, update: replacedBy(document), upsert: true } };
}
