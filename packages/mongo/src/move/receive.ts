import { type Job, plainShape, type ReceiveAnswer, type ShapeOf, type Token } from "@tandemq/core";
import { batches, halves } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { duplicateKey, isClosed, isUnavailable, writeErrorsOf } from "../connection/errors.js";
import { receivedDocument } from "../documents/received-document.js";
import type { JobDocument } from "../documents/job-document.js";
import { keyFields, withoutLapsed } from "../enqueue/lapsed-keys.js";
import { heldFor } from "./hold.js";
import { takeOver } from "./take-over.js";

/** A job's document on its way, and where its answer goes. */
export interface Incoming {
  readonly id: string;
  readonly bytes: number;
  readonly document: JobDocument;
  answer(answer: ReceiveAnswer): void;
}

const limits = { count: 1000, bytes: 4 * 1024 * 1024 };
const overhead = 400;
const rounds = 3;

export interface ReceiveOptions {
  /** Milliseconds. */
  readonly parkedFor: number;
  /** Who has the jobs until they arrive, if anybody. */
  readonly mover?: Token | undefined;
  readonly shapeOf?: ShapeOf | undefined;
}

/** Takes over jobs from another store. Where a document of theirs is, it becomes the job. */
export async function receive(
  connection: Connection,
  jobs: readonly Job[],
  { parkedFor, mover, shapeOf = () => plainShape }: ReceiveOptions,
): Promise<ReceiveAnswer[]> {
  const now = await connection.clock.now();
  const due = new Date(now + parkedFor);
  const held = mover === undefined ? {} : { leaving: { by: mover, until: new Date(now + heldFor) } };
  const answers: ReceiveAnswer[] = jobs.map(() => "invalid");
  const incoming = jobs.map((job, place): Incoming => {
    const document = { ...receivedDocument(job, due, shapeOf(job.queue)), ...held };
    const bytes = 3 * JSON.stringify(job.params).length + overhead;
    return { id: job.id, bytes, document, answer: (given) => (answers[place] = given) };
  });
  for (const batch of batches(incoming, limits)) await insert(connection, batch);
  return answers;
}

/** Keys whose time is over are freed, and tried again. What MongoDB refuses stays where it is. */
async function insert(connection: Connection, batch: readonly Incoming[]): Promise<void> {
  let open: readonly Incoming[] = batch;
  for (let round = 0; round < rounds && open.length > 0; round++) {
    const there = await thereOf(connection, open);
    const keyless = there.length > 0 ? await takeOver(connection, there) : [];
    for (const one of keyless) one.answer("keyTaken");
    open = await freedOf(connection, keyless);
  }
}

/** Those whose key nobody has any more. */
async function freedOf({ jobs, clock }: Connection, incoming: readonly Incoming[]): Promise<readonly Incoming[]> {
  if (incoming.length === 0) return incoming;
  const keys = incoming.map(({ document: { queue, held } }) => ({ queue, held: held ?? { $exists: true } }));
  const found = await jobs.find({ $or: keys }, { projection: keyFields }).toArray();
  const owners = await withoutLapsed(jobs, found, await clock.now());
  const taken = new Set(owners.map(({ queue, held }) => JSON.stringify([queue, held])));
  return incoming.filter(({ document: { queue, held } }) => !taken.has(JSON.stringify([queue, held])));
}

/** Inserts, and returns those whose id or key is there already. */
async function thereOf(connection: Connection, batch: readonly Incoming[]): Promise<Incoming[]> {
  try {
    await connection.jobs.insertMany(
      batch.map(({ document }) => document),
      { ordered: false },
    );
  } catch (error) {
    if (isUnavailable(error) || isClosed(error)) throw error;
    const failed = new Map(writeErrorsOf(error).map(({ index, code }) => [index, code]));
    if (failed.size === 0) return insertHalves(connection, batch);
    batch.forEach((one, i) => !failed.has(i) && one.answer("done"));
    return batch.filter((_, i) => failed.get(i) === duplicateKey);
  }
  for (const one of batch) one.answer("done");
  return [];
}

/** The batch as a whole was refused, because of one that cannot be sent at all: find it. */
async function insertHalves(connection: Connection, batch: readonly Incoming[]): Promise<Incoming[]> {
  if (batch.length <= 1) return [];
  const there: Incoming[] = [];
  for (const half of halves(batch)) there.push(...(await thereOf(connection, half)));
  return there;
}
