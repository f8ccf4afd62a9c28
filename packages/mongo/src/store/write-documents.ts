import type { AnyBulkWriteOperation } from "mongodb";
import { halves } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { duplicateKey, isClosed, isUnavailable, writeErrorsOf } from "../connection/errors.js";
import type { JobDocument } from "../documents/job-document.js";
import { bare } from "./bare.js";

/** Writes whole documents. Where the store refuses them they are halved, and the one that it cannot hold is written bare. */
export async function writeDocuments(
  connection: Connection,
  documents: readonly JobDocument[],
  upsertOf: (document: JobDocument) => AnyBulkWriteOperation<JobDocument>,
  areBare: boolean = false,
): Promise<void> {
  try {
    await connection.jobs.bulkWrite(documents.map(upsertOf), { ordered: false });
  } catch (error) {
    if (isUnavailable(error) || isClosed(error) || areBare) throw error;
    // An id that is there and may not be changed is as it should be.
    const failed = writeErrorsOf(error);
    if (failed.length > 0 && failed.every(({ code }) => code === duplicateKey)) return;
    const parts = documents.length > 1 ? halves(documents) : [documents.map((document) => bare(document, error))];
    for (const part of parts) await writeDocuments(connection, part, upsertOf, documents.length === 1);
  }
}
