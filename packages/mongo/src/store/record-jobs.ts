import { defaults, type Job } from "@tandemq/core";
import type { AnyBulkWriteOperation } from "mongodb";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { isClosed, isUnavailable, writeErrorsOf } from "../connection/errors.js";
import { finalDocument } from "../documents/encode.js";
import { ofStore, waitingStatuses } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";
import { replacedByFinal } from "../documents/updates.js";
import { writeDocuments } from "./write-documents.js";

/**
 * Writes whole documents of final jobs. One that is final already, in this life or a later, stays as it is; so does one
 * whose delivery started since the caller looked.
 */
export async function recordJobs(connection: Connection, finals: readonly Job[]): Promise<void> {
  const documents = finals.map(finalDocument);
  const fresh = documents.filter(isFresh);
  const there = fresh.length > 0 ? await insertFresh(connection, fresh) : [];
  const seen = documents.filter((document) => !isFresh(document));
  for (const some of chunks([...seen, ...there], 100)) await writeDocuments(connection, some, upsertOf);
}

/** Never started, so that there can hardly be a document: it is inserted, which is much quicker than looking first. */
function isFresh({ deliveries, generation }: JobDocument): boolean {
  return deliveries === 0 && generation === 1;
}

/** Returns those that could not be inserted. */
async function insertFresh({ jobs, clock }: Connection, documents: readonly JobDocument[]): Promise<JobDocument[]> {
  const now = new Date(await clock.now());
  const left: JobDocument[] = [];
  for (const some of chunks(documents, 500)) {
    try {
      await jobs.insertMany(
        some.map((document) => withTimes(document, now)),
        { ordered: false },
      );
    } catch (error) {
      if (isUnavailable(error) || isClosed(error)) throw error;
      const failed = writeErrorsOf(error);
      left.push(...(failed.length > 0 ? failed.flatMap(({ index }) => some[index] ?? []) : some));
    }
  }
  return left;
}

function withTimes(document: JobDocument, now: Date): JobDocument {
  const { finishedAt = now, deleteAt = new Date(finishedAt.getTime() + defaults.keepResults) } = document;
  return { ...document, finishedAt, deleteAt };
}

function upsertOf(document: JobDocument): AnyBulkWriteOperation<JobDocument> {
  const { generation, token } = document;
  const waiting = { generation, status: { $in: [...waitingStatuses] } };
  const known = token === undefined ? [] : [{ generation, status: "started" as const, token }];
  const filter = {
    _id: document._id,
    ...ofStore,
    $or: [{ generation: { $lt: generation } }, waiting, ...known, { left: true as const }],
  };
  return { updateOne: { filter, update: replacedByFinal(document, defaults.keepResults), upsert: true } };
}
