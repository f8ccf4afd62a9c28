import { BrokerUnavailableError, type Claim, isLive, isStatus, liveStatuses } from "@tandemq/core";
import type { AnyBulkWriteOperation, WriteError } from "mongodb";
import { batches, halves } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { duplicateKey, isClosed, isUnavailable, writeErrorsOf } from "../connection/errors.js";
import { ofStore } from "../documents/filters.js";
import type { JobDocument, Stored } from "../documents/job-document.js";
import { startedAnew } from "../documents/updates.js";
import { bare, startOf } from "./bare.js";

type StartAnswer = "started" | "final";

interface Start {
  readonly id: string;
  readonly bytes: number;
  readonly place: number;
  readonly claim: Claim;
  readonly document: JobDocument;
  readonly isBare?: true;
}

type Send = (starts: readonly Start[]) => Promise<unknown>;

const limits = { count: 1000, bytes: 4 * 1024 * 1024 };
const rounds = 10;

/** Records that deliveries start. First deliveries are inserted; what is there already is updated if its life allows. */
export async function recordStarts(
  connection: Connection,
  claims: readonly Claim[],
  worker: string,
): Promise<StartAnswer[]> {
  const answers: StartAnswer[] = claims.map(() => "started");
  const starts = claims.map((claim, place) => {
    return { id: claim.id, bytes: 3 * claim.params.length + 400, place, claim, document: startOf(claim, worker) };
  });
  for (const batch of batches(starts, limits)) {
    await recordBatch(connection, batch, (place) => {
      answers[place] = "final";
    });
  }
  return answers;
}

async function recordBatch(
  connection: Connection,
  batch: readonly Start[],
  final: (place: number) => void,
): Promise<void> {
  const { quickJobs } = connection;
  const insert: Send = (some) =>
    quickJobs.insertMany(
      some.map(({ document }) => document),
      { ordered: false },
    );
  const update: Send = (some) => quickJobs.bulkWrite(some.map(upsertOf), { ordered: false });
  const first = batch.filter(isFirst);
  let open = [...batch.filter((start) => !isFirst(start)), ...(first.length > 0 ? await refusedOf(first, insert) : [])];
  for (let round = 0; round < rounds; round++) {
    if (open.length === 0) return;
    open = await undecided(connection, await refusedOf(open, update), final);
  }
  throw new BrokerUnavailableError("record starts: documents change faster than they can be read; try again");
}

function isFirst({ claim: { deliveries, generation } }: Start): boolean {
  return deliveries <= 1 && generation <= 1;
}

/** Where the document is final, or held by a later delivery, the insert of this upsert meets its id. */
function upsertOf({ document, claim: { generation, deliveries } }: Start): AnyBulkWriteOperation<JobDocument> {
  const sameLife = { generation, status: { $in: [...liveStatuses] }, deliveries: { $lte: deliveries } };
  const filter = { _id: document._id, ...ofStore, $or: [{ generation: { $lt: generation } }, sameLife] };
  return { updateOne: { filter, update: startedAnew(document), upsert: true } };
}

/** Those that were not written: their id is there already, or MongoDB cannot hold them; those come back bare. */
async function refusedOf(starts: readonly Start[], send: Send): Promise<Start[]> {
  try {
    await send(starts);
    return [];
  } catch (error) {
    if (isUnavailable(error) || isClosed(error)) throw error;
    const errors = writeErrorsOf(error);
    if (errors.length > 0) return errors.map((each) => refused(starts[each.index], each)).flat();
    const [first] = starts;
    if (first && starts.length === 1) return [stripped(first, error)];
    const parts: Start[] = [];
    for (const half of halves(starts)) parts.push(...(await refusedOf(half, send)));
    return parts;
  }
}

function refused(start: Start | undefined, error: WriteError): Start[] {
  if (!start) return [];
  return [error.code === duplicateKey ? start : stripped(start, new Error(error.errmsg))];
}

function stripped(start: Start, error: unknown): Start {
  if (start.isBare) throw error;
  return { ...start, document: bare(start.document, error), isBare: true };
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
    if (!isOver(stored, claim)) return (stored.deliveries as number) <= claim.deliveries;
    final(place);
    return false;
  });
}

function isOver({ raw, generation, status }: Stored, claim: Claim): boolean {
  if (raw !== true || (generation as number) > claim.generation) return true;
  return generation === claim.generation && !(isStatus(status) && isLive(status));
}
