import { randomBytes } from "node:crypto";
import { type JobId, MalformedJobError, type NewJob, type Outbox, type TransactionSession } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import type { OutboxDocument } from "../connection/other-documents.js";
import { objectId, objectIds } from "../documents/ids.js";
import { dueTime } from "../documents/encode.js";
import { afterSession } from "./after-session.js";
import { callersDatabase, withinTransaction } from "./callers-database.js";
import { checkSameDeployment } from "./same-deployment.js";

/** Jobs for queues in Redis, in a collection beside the jobs from the commit on until they are relayed. */
export class MongoOutbox implements Outbox {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async start(): Promise<void> {
    await this.#connection.start();
  }

  async add(given: TransactionSession, jobs: readonly NewJob[], ended: () => void): Promise<void> {
    const connection = this.#connection;
    const { db, session } = callersDatabase(given, connection.db.databaseName);
    await checkSameDeployment(db.client, connection.db);
    const now = await connection.clock.now();
    const documents = jobs.map((job) => documentOf(job, now));
    await withinTransaction(async () => {
      const outbox = db.collection<OutboxDocument>(connection.outbox.collectionName);
      const same = { _id: { $in: documents.map(({ _id }) => _id) } };
      const known = await outbox.find(same, { session, projection: { _id: 1 } }).toArray();
      const ids = new Set(known.map(({ _id }) => _id.toHexString()));
      const fresh = documents.filter(({ _id }) => !ids.has(_id.toHexString()));
      if (fresh.length > 0) await outbox.insertMany(fresh, { session });
      afterSession(session, ended);
    });
  }

  /** A claim by pushback: what is taken comes due again. Two relays never have the same. */
  take(max: number, lease: number): Promise<readonly NewJob[]> {
    return this.#connection.run("take from the outbox", async () => {
      const { outbox } = this.#connection;
      const isDue = { $expr: { $lte: ["$due", "$$NOW"] } };
      const due = await outbox.find(isDue, { projection: { _id: 1 }, sort: { due: 1 }, limit: max }).toArray();
      if (due.length === 0) return [];
      const token = randomBytes(9).toString("base64url");
      const later = [{ $set: { token: { $literal: token }, due: { $add: ["$$NOW", lease] } } }];
      const ids = due.map(({ _id }) => _id);
      await outbox.updateMany({ _id: { $in: ids }, ...isDue }, later);
      const taken = await outbox.find({ _id: { $in: ids }, token }, { sort: { at: 1, _id: 1 } }).toArray();
      return taken.map(jobOf);
    });
  }

  delete(ids: readonly JobId[]): Promise<void> {
    return this.#connection.run("delete from the outbox", async () => {
      await this.#connection.outbox.deleteMany({ _id: { $in: objectIds(ids) } });
    });
  }
}

/** The job as text: whatever a later version adds to it goes along. */
function documentOf(job: NewJob, now: number): OutboxDocument {
  const _id = objectId(job.id);
  if (!_id) throw new MalformedJobError(`a job's id is 24 hexadecimal digits, got ${JSON.stringify(job.id)}`);
  const at = dueTime(job.due, now);
  const due = at > now ? { at } : { after: 0 };
  const startBy = job.startBy && { at: dueTime(job.startBy, now) };
  const text = JSON.stringify({ ...job, due, startBy });
  return { _id, queue: job.queue, job: text, due: new Date(now), at: new Date(now) };
}

function jobOf({ job }: OutboxDocument): NewJob {
  return JSON.parse(job) as NewJob;
}
