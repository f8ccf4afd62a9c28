import { randomBytes } from "node:crypto";
import type { ChangeAnswer, JobRef } from "@tandemq/core";
import type { Document, Filter, ObjectId } from "mongodb";
import { batches } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { isFinal, type JobFilterDocument, ofBroker } from "../documents/filters.js";
import { objectId } from "../documents/ids.js";
import type { JobDocument, Stored } from "../documents/job-document.js";
import { placeOf } from "./place.js";

const limits = { count: 1000, bytes: Number.POSITIVE_INFINITY };

/** How often jobs are asked for again that came to where the change is allowed after it had passed them over. */
export const tries = 10;

interface Target extends JobRef {
  readonly _id: ObjectId;
  readonly place: number;
  readonly bytes: number;
}

/**
 * Changes the jobs that the filter allows it for, and says of each what it was. Each document carries the mark of the
 * latest change by hand, so that whoever made it knows its own, whatever others do at the same time.
 *
 * @param home whose documents: a broker's, or a job store's
 */
export async function changeAll(
  connection: Connection,
  refs: readonly JobRef[],
  allowed: Filter<JobDocument>,
  update: (mark: string) => Document[],
  mark: string = newMark(),
  home: JobFilterDocument = ofBroker,
): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = refs.map(() => "missing");
  const allowedAt = allowed.status === isFinal.status ? "final" : "waiting";
  for (const batch of batches(targets(refs), limits)) {
    let left = batch;
    for (let i = 0; i < tries && left.length > 0; i++) {
      const filter = { ...these(left), ...home, ...allowed };
      const { matchedCount } = await connection.jobs.updateMany(filter, update(mark));
      const done = matchedCount === left.length ? undefined : await look(connection, left, mark, home);
      for (const { place, id } of left) answers[place] = done ? (done.get(id) ?? "missing") : "done";
      left = left.filter(({ place }) => answers[place] === allowedAt);
    }
  }
  return answers;
}

/** Of one change, which may be asked for in several goes. */
export function newMark(): string {
  return randomBytes(9).toString("base64url");
}

export function targets(refs: readonly JobRef[]): Target[] {
  return refs.flatMap(({ id, queue }, place) => {
    const _id = objectId(id);
    return _id ? [{ _id, id, queue, place, bytes: 0 }] : [];
  });
}

/** The documents of the refs, each in its own queue. */
export function these(batch: readonly Target[]): Filter<JobDocument> {
  const queues = new Map<string, ObjectId[]>();
  for (const { _id, queue } of batch) {
    const ids = queues.get(queue);
    if (ids) ids.push(_id);
    else queues.set(queue, [_id]);
  }
  const groups = [...queues].map(([queue, ids]) => ({ queue, _id: { $in: ids } }));
  const [first] = groups;
  return groups.length === 1 && first ? { ...first, ...ofBroker } : { $or: groups, ...ofBroker };
}

/** By their ids alone: a change may have moved them to another queue. */
async function look(
  { jobs }: Connection,
  batch: readonly Target[],
  mark: string,
  home: JobFilterDocument,
): Promise<Map<string, ChangeAnswer>> {
  const projection = { status: 1, change: 1, queue: 1 } as const;
  const ids = batch.map(({ _id }) => _id);
  const found = await jobs.find({ _id: { $in: ids }, ...home }, { projection }).toArray();
  const queueOf = new Map(batch.map(({ id, queue }) => [id, queue]));
  return new Map(
    found.map((stored: Stored & { _id: ObjectId }) => {
      const id = stored._id.toHexString();
      return [id, answerOf(stored, mark, queueOf.get(id))];
    }),
  );
}

function answerOf(stored: Stored, mark: string, queue: string | undefined): ChangeAnswer {
  if (stored.change === mark) return "done";
  return stored.queue === queue ? placeOf(stored) : "missing";
}
