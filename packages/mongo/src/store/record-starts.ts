import { type Claim, liveStatuses } from "@tandemq/core";
import { type AnyBulkWriteOperation, MongoBulkWriteError } from "mongodb";
import { batches } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { duplicateKey, isUnavailable } from "../connection/errors.js";
import { startedDocument } from "../documents/encode.js";
import { ofStore } from "../documents/filters.js";
import type { JobDocument, Stored } from "../documents/job-document.js";
import { startedAnew } from "../documents/updates.js";

type StartAnswer = "started" | "final";

interface Start {
  readonly id: string;
  readonly bytes: number;
  readonly place: number;
  readonly claim: Claim;
  readonly document: JobDocument;
}

const limits = { count: 1000, bytes: 4 * 1024 * 1024 };
const rounds = 10;

/** Records that deliveries start. First deliveries are inserted; what is there already is updated if its life allows. */
export async function recordStarts(
  connection: Connection,
  claims: readonly Claim[],
  worker: string,
): Promise<StartAnswer[]> {
  const answers: StartAnswer[] = claims.map(() => "started");
  const starts = claims.map((claim, place) => startOf(claim, place, worker));
  for (const batch of batches(starts, limits)) {
    let open = await insertFirst(connection, batch);
    for (let round = 0; open.length > 0 && round < rounds; round++) {
      const refused = await update(connection, open);
      open = await undecided(connection, refused, (place) => {
        answers[place] = "final";
      });
    }
  }
  return answers;
}

function startOf(claim: Claim, place: number, worker: string): Start {
  return { id: claim.id, bytes: 3 * claim.params.length + 400, place, claim, document: startedDocument(claim, worker) };
}

/** Those that are to be updated: not first deliveries, or there already. */
async function insertFirst({ quickJobs }: Connection, starts: readonly Start[]): Promise<Start[]> {
  const first = starts.filter(({ claim }) => claim.deliveries <= 1 && claim.generation <= 1);
  const later = starts.filter((start) => !first.includes(start));
  if (first.length === 0) return later;
  const documents = first.map(({ document }) => document);
  const refused = await duplicatesOf(first, () => quickJobs.insertMany(documents, { ordered: false }));
  return [...later, ...refused];
}

/** One upsert each: where the document is final, or held by a later delivery, the insert meets its id. */
function update({ quickJobs }: Connection, starts: readonly Start[]): Promise<Start[]> {
  const operations = starts.map(upsertOf);
  return duplicatesOf(starts, () => quickJobs.bulkWrite(operations, { ordered: false }));
}

function upsertOf({ document, claim: { generation, deliveries } }: Start): AnyBulkWriteOperation<JobDocument> {
  const sameLife = { generation, status: { $in: [...liveStatuses] }, deliveries: { $lte: deliveries } };
  const filter = { _id: document._id, ...ofStore, $or: [{ generation: { $lt: generation } }, sameLife] };
  return { updateOne: { filter, update: startedAnew(document), upsert: true } };
}

/** Those whose id was there already. */
async function duplicatesOf(starts: readonly Start[], write: () => Promise<unknown>): Promise<Start[]> {
  try {
    await write();
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || isUnavailable(error)) throw error;
    const errors = [error.writeErrors].flat();
    const other = errors.find(({ code }) => code !== duplicateKey);
    if (other) throw error;
    return errors.map(({ index }) => starts[index]).filter((start) => start !== undefined);
  }
}

/** Tells which are final, leaves those alone that a later delivery holds, and returns those to be tried again. */
async function undecided(
  { jobs }: Connection,
  starts: readonly Start[],
  final: (place: number) => void,
): Promise<Start[]> {
  if (starts.length === 0) return [];
  const projection = { generation: 1, status: 1, deliveries: 1, raw: 1 } as const;
  const ids = starts.map(({ document }) => document._id);
  const found = await jobs.find({ _id: { $in: ids } }, { projection }).toArray();
  const byId = new Map<string, Stored>(found.map((stored) => [stored._id.toHexString(), stored]));
  return starts.filter(({ id, place, claim }) => {
    const stored = byId.get(id);
    if (!stored) return true;
    if (isOver(stored, claim)) final(place);
    else return (stored.deliveries as number) <= claim.deliveries;
    return false;
  });
}

function isOver({ raw, generation, status }: Stored, claim: Claim): boolean {
  if (raw !== true || (generation as number) > claim.generation) return true;
  return generation === claim.generation && !(liveStatuses as readonly unknown[]).includes(status);
}
