import type { Run, SettleAnswer } from "@tandemq/core";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { isClosed, isUnavailable, writeErrorsOf } from "../connection/errors.js";
import type { JobDocument } from "../documents/job-document.js";
import { runDocument } from "../documents/run-document.js";
import { recordOutcomes } from "./record-outcomes.js";

const settled: SettleAnswer = { state: "settled" };
const batchSize = 1000;

/** Inserts whole documents; those that cannot be inserted are recorded as outcomes of deliveries, each by itself. */
export async function recordRuns(connection: Connection, runs: readonly Run[]): Promise<SettleAnswer[]> {
  const now = await connection.clock.now();
  const answers: SettleAnswer[] = [];
  for (const batch of chunks(runs, batchSize)) answers.push(...(await recordBatch(connection, batch, now)));
  return answers;
}

async function recordBatch(connection: Connection, runs: readonly Run[], now: number): Promise<SettleAnswer[]> {
  const answers = runs.map(() => settled);
  const left = await notInserted(connection, runs, now);
  if (left.length === 0) return answers;
  const others = left.map((place) => runs[place] as Run);
  const found = await recordOutcomes(
    connection,
    others.map(({ settlement }) => settlement),
    others.map(({ claim }) => claim),
    others.map(({ worker }) => worker),
  );
  left.forEach((place, i) => {
    answers[place] = found[i] as SettleAnswer;
  });
  return answers;
}

/** The places of those that have a document already, or that MongoDB did not take with the others. */
async function notInserted({ jobs, unchecked }: Connection, runs: readonly Run[], now: number): Promise<number[]> {
  const documents: JobDocument[] = [];
  try {
    for (const run of runs) documents.push(runDocument(run, now));
    await jobs.insertMany(documents, { ordered: false, ...unchecked });
    return [];
  } catch (error) {
    if (isUnavailable(error) || isClosed(error)) throw error;
    const errors = writeErrorsOf(error);
    return errors.length > 0 ? errors.map(({ index }) => index) : runs.map((_, place) => place);
  }
}
