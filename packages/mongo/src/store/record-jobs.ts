import { defaults, type Job } from "@tandemq/core";
import { type AnyBulkWriteOperation, MongoBulkWriteError } from "mongodb";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { duplicateKey, isUnavailable } from "../connection/errors.js";
import { finalDocument } from "../documents/encode.js";
import { ofStore, waitingStatuses } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";
import { replacedByFinal } from "../documents/updates.js";

/**
 * Writes whole documents of final jobs. One that is final already, in this life or a later, stays as it is; so does one
 * whose delivery started since the caller looked.
 */
export async function recordJobs({ jobs }: Connection, finals: readonly Job[]): Promise<void> {
  for (const some of chunks(finals, 100)) {
    try {
      await jobs.bulkWrite(some.map(upsertOf), { ordered: false });
    } catch (error) {
      if (!isAllDuplicates(error)) throw error;
    }
  }
}

function upsertOf(job: Job): AnyBulkWriteOperation<JobDocument> {
  const document = finalDocument(job);
  const { generation, token } = document;
  const waiting = { generation, status: { $in: [...waitingStatuses] } };
  const known = token === undefined ? [] : [{ generation, status: "started" as const, token }];
  const filter = { _id: document._id, ...ofStore, $or: [{ generation: { $lt: generation } }, waiting, ...known] };
  return { updateOne: { filter, update: replacedByFinal(document, defaults.keepResults), upsert: true } };
}

/** The id is there and may not be changed: that is as it should be. */
function isAllDuplicates(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError) || isUnavailable(error)) return false;
  return [error.writeErrors].flat().every(({ code }) => code === duplicateKey);
}
