import {
  type EnqueueAnswer,
  type JobId,
  type NewJob,
  plainShape,
  type ShapeOf,
  type TransactionSession,
} from "@tandemq/core";
import type { ClientSession, Collection } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { codeOf, validationFailed, writeErrorsOf } from "../connection/errors.js";
import { newDocument } from "../documents/encode.js";
import type { JobDocument } from "../documents/job-document.js";
import { keyFields, withoutLapsed } from "../enqueue/lapsed-keys.js";
import { refusal } from "../enqueue/refusal.js";
import { afterSession } from "./after-session.js";
import { callersDatabase, withinTransaction } from "./callers-database.js";
import { checkSameDeployment } from "./same-deployment.js";

const keyOf = ({ queue, held }: { queue: string; held?: string }): string => JSON.stringify([queue, held]);

interface Within {
  /** Called when the session has ended. */
  readonly ended: () => void;
  /** Default: first in, first out. */
  readonly shapeOf?: ShapeOf | undefined;
}

/**
 * Inserts jobs within the caller's transaction. Who has a unique key is seen as the transaction sees it; a job that
 * takes the same key outside meanwhile makes the server abort the transaction, and the driver try it again.
 */
export async function enqueueWithin(
  connection: Connection,
  given: TransactionSession,
  jobs: readonly NewJob[],
  { ended, shapeOf = () => plainShape }: Within,
): Promise<EnqueueAnswer[]> {
  const { db, session } = callersDatabase(given, connection.db.databaseName);
  await checkSameDeployment(db.client, connection.db);
  const now = await connection.clock.now();
  const documents = jobs.map((job) => newDocument(job, now, shapeOf(job.queue)));
  return withinTransaction(async () => {
    const collection = db.collection<JobDocument>(connection.jobs.collectionName);
    const owners = await ownersOf(collection, documents, now, session);
    const { fresh, answers } = sort(documents, owners);
    if (fresh.length > 0) await insert(collection, fresh, session);
    afterSession(session, ended);
    return answers;
  });
}

interface Owners {
  readonly ids: ReadonlySet<JobId>;
  readonly keys: Map<string, JobId>;
}

async function ownersOf(
  collection: Collection<JobDocument>,
  documents: readonly JobDocument[],
  now: number,
  session: ClientSession,
): Promise<Owners> {
  const keys = documents.flatMap(({ queue, held }) => (held === undefined ? [] : [{ queue, held }]));
  const ids = documents.map(({ _id }) => _id);
  const filter = { $or: [{ _id: { $in: ids } }, ...keys] };
  const found = await collection.find(filter, { projection: keyFields, session }).toArray();
  const holders = await withoutLapsed(
    collection,
    found.filter(({ held }) => held !== undefined),
    now,
    session,
  );
  return {
    ids: new Set(found.map(({ _id }) => _id.toHexString())),
    keys: new Map(holders.map((one) => [keyOf(one), one._id.toHexString()])),
  };
}

function sort(
  documents: readonly JobDocument[],
  { ids, keys }: Owners,
): { fresh: JobDocument[]; answers: EnqueueAnswer[] } {
  const fresh: JobDocument[] = [];
  const answers = documents.map((document): EnqueueAnswer => {
    const id = document._id.toHexString();
    if (ids.has(id)) return { state: "enqueued", id, created: true };
    const owner = document.held === undefined ? undefined : keys.get(keyOf(document));
    if (owner !== undefined) return { state: "enqueued", id: owner, created: false };
    if (document.held !== undefined) keys.set(keyOf(document), id);
    fresh.push(document);
    return { state: "enqueued", id, created: true };
  });
  return { fresh, answers };
}

async function insert(
  collection: Collection<JobDocument>,
  documents: readonly JobDocument[],
  session: ClientSession,
): Promise<void> {
  try {
    await collection.insertMany([...documents], { session });
  } catch (error) {
    const [first] = writeErrorsOf(error);
    const isInvalid = (first?.code ?? codeOf(error)) === validationFailed;
    throw isInvalid ? refusal(first ?? error) : error;
  }
}
