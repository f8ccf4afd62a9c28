import type { ProgressUpdate } from "@tandemq/core";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { objectId } from "../documents/ids.js";
import { progressOf } from "../documents/updates.js";

const mostUpdates = 500;

/** Keeps how far runs are, in the documents whose token is still the delivery's. No claim is put off by it. */
export async function recordProgress(connection: Connection, updates: readonly ProgressUpdate[]): Promise<void> {
  const known = updates.filter(({ id }) => objectId(id));
  for (const some of chunks(known, mostUpdates)) {
    await connection.quickJobs.bulkWrite(some.map(progressOf), { ordered: false, ...connection.unchecked });
  }
}
