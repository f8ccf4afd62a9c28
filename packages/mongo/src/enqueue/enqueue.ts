import { type EnqueueAnswer, type NewJob, plainShape, type ShapeOf, TandemQError } from "@tandemq/core";
import { batches } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { dueTime, newDocument } from "../documents/encode.js";
import { type Draft, insert } from "./insert.js";

const limits = { count: 1000, bytes: 4 * 1024 * 1024 };
/** What a document holds beside its params, roughly. */
const overhead = 400;

/** Adds the jobs in bounded batches; every job gets its own answer, at its place. */
export async function enqueue(
  connection: Connection,
  jobs: readonly NewJob[],
  shapeOf: ShapeOf = () => plainShape,
): Promise<EnqueueAnswer[]> {
  const now = await connection.clock.now();
  const answers: EnqueueAnswer[] = [];
  const drafts: Draft[] = [];
  jobs.forEach((job, place) => {
    const answer = (given: EnqueueAnswer) => (answers[place] = given);
    try {
      const document = newDocument(job, now, shapeOf(job.queue));
      const { id, params, due, onDuplicate = "keep" } = job;
      const bytes = 3 * params.length + overhead;
      drafts.push({ id, bytes, document, onDuplicate, isDueNow: dueTime(due, now) <= now, answer });
    } catch (error) {
      if (!(error instanceof TandemQError)) throw error;
      answer({ state: "refused", error });
    }
  });
  for (const batch of batches(drafts, limits)) await insert(connection, batch);
  return answers;
}
