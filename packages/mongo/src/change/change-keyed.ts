import type { ChangeAnswer, JobRef } from "@tandemq/core";
import type { Document, Filter } from "mongodb";
import { halves } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { codeOf, duplicateKey } from "../connection/errors.js";
import type { JobDocument } from "../documents/job-document.js";
import { changeAll, newMark } from "./change.js";

/**
 * As `changeAll`, for a change after which jobs hold their unique keys where they may be another's. A taken key stops the
 * server at its document: the halves find it, and know by the mark what was done before.
 */
export async function changeKeyed(
  connection: Connection,
  refs: readonly JobRef[],
  allowed: Filter<JobDocument>,
  update: (mark: string) => Document[],
  mark: string = newMark(),
): Promise<ChangeAnswer[]> {
  try {
    return await changeAll(connection, refs, allowed, update, mark);
  } catch (error) {
    if (codeOf(error) !== duplicateKey) throw error;
  }
  if (refs.length <= 1) return refs.map(() => "keyTaken");
  const answers: ChangeAnswer[] = [];
  for (const half of halves(refs)) answers.push(...(await changeKeyed(connection, half, allowed, update, mark)));
  return answers;
}
