import type { Job } from "@tandemq/core";
import type { AnyBulkWriteOperation } from "mongodb";
import { chunks, halves } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { duplicateKey, isClosed, isUnavailable, writeErrorsOf } from "../connection/errors.js";
import { ofStore } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";
import { waitingRawDocument } from "../documents/received-document.js";
import { replacedBy } from "../documents/updates.js";
import { bare } from "./bare.js";

const batchSize = 500;

/** Writes the documents of waiting jobs, where there is none of this life or a later one. */
export async function recordWaiting(connection: Connection, waiting: readonly Job[]): Promise<void> {
  for (const some of chunks(waiting.map(waitingRawDocument), batchSize)) await write(connection, some);
}

async function write(connection: Connection, documents: readonly JobDocument[], areBare = false): Promise<void> {
  try {
    await connection.jobs.bulkWrite(documents.map(upsertOf), { ordered: false });
  } catch (error) {
    if (isUnavailable(error) || isClosed(error) || areBare) throw error;
    // An id that is there and may not be changed is as it should be.
    const failed = writeErrorsOf(error);
    if (failed.length > 0 && failed.every(({ code }) => code === duplicateKey)) return;
    const parts = documents.length > 1 ? halves(documents) : [documents.map((document) => bare(document, error))];
    for (const part of parts) await write(connection, part, documents.length === 1);
  }
}

function upsertOf(document: JobDocument): AnyBulkWriteOperation<JobDocument> {
  const earlier = [{ generation: { $lt: document.generation } }, { left: true as const }];
  const filter = { _id: document._id, ...ofStore, $or: earlier };
  return { updateOne: { filter, update: replacedBy(document), upsert: true } };
}
