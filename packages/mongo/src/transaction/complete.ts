import { type Complete, defaults } from "@tandemq/core";
import { objectId } from "../documents/ids.js";
import type { JobDocument } from "../documents/job-document.js";
import { finished } from "../documents/updates.js";
import { databaseOf } from "../connection/database-of.js";
import { callersDatabase, withinTransaction } from "./callers-database.js";

/**
 * Ends a job as success within its task's own transaction; fenced by the delivery's token. The options name the place:
 * `url`, of which only the database is looked at, and the `prefix` of the collections.
 */
export const complete: Complete = async (given, { id, token }, { result, keep = defaults.keepResults }, options) => {
  const { db, session } = callersDatabase(given, databaseOf(options["url"] ?? ""));
  const _id = objectId(id);
  if (!_id) return false;
  return withinTransaction(async () => {
    const jobs = db.collection<JobDocument>(`${options["prefix"] ?? ""}jobs`);
    const update = finished([_id], [{ status: "success", result, keep }]);
    const { matchedCount } = await jobs.updateOne({ _id, status: "started", token }, update, { session });
    return matchedCount === 1;
  });
};
