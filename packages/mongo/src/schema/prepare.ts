import type { Connection } from "../connection/connection.js";
import { createCollection } from "./create-collection.js";
import { ensureIndexes } from "./ensure-indexes.js";
import { ensureValidator } from "./ensure-validator.js";
import { jobIndexes, logIndexes, outboxIndexes, workerIndexes } from "./indexes.js";

type Parts = Pick<Connection, "db" | "jobs" | "workers" | "cancels" | "queues" | "logs" | "outbox">;

/**
 * Creates what is missing of collections, validator and indexes, and brings older ones up to date. Many may do so at
 * once.
 *
 * @throws StoreRefusedError when something of the same name or place is there that is not ours
 */
export async function prepare({ db, jobs, workers, cancels, queues, logs, outbox }: Parts): Promise<void> {
  await ensureValidator(db, jobs.collectionName);
  await Promise.all([
    ensureIndexes(jobs, jobIndexes),
    ensureIndexes(workers, workerIndexes),
    ensureIndexes(cancels, workerIndexes),
    ensureIndexes(logs, logIndexes),
    ensureIndexes(outbox, outboxIndexes),
    createCollection(db, queues.collectionName),
  ]);
}
