import type { Connection } from "../connection/connection.js";
import { createCollection } from "./create-collection.js";
import { ensureIndexes } from "./ensure-indexes.js";
import { ensureValidator } from "./ensure-validator.js";
import { jobIndexes, logIndexes, outboxIndexes, workerIndexes } from "./indexes.js";
import { mayBypass } from "./may-bypass.js";

type Parts = Pick<Connection, "db" | "jobs" | "quickJobs" | "workers" | "cancels" | "queues" | "logs" | "outbox">;

/**
 * Creates what is missing of collections, validator and indexes, and brings older ones up to date. Many may do so at
 * once.
 *
 * @returns whether this user's updates may skip the validator
 * @throws StoreRefusedError when something of the same name or place is there that is not ours
 */
export async function prepare(parts: Parts): Promise<boolean> {
  const { db, jobs, quickJobs, workers, cancels, queues, logs, outbox } = parts;
  await ensureValidator(db, jobs.collectionName);
  const [bypass] = await Promise.all([
    mayBypass(quickJobs),
    ensureIndexes(jobs, jobIndexes),
    ensureIndexes(workers, workerIndexes),
    ensureIndexes(cancels, workerIndexes),
    ensureIndexes(logs, logIndexes),
    ensureIndexes(outbox, outboxIndexes),
    createCollection(db, queues.collectionName),
  ]);
  return bypass;
}
