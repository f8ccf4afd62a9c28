import { BrokerUnavailableError, type EnqueueAnswer, type JobId, type OnDuplicate } from "@tandemq/core";
import type { WriteError } from "mongodb";
import { halves } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { duplicateKey, isClosed, isUnavailable, writeErrorsOf } from "../connection/errors.js";
import type { JobDocument } from "../documents/job-document.js";
import { resolveDuplicates } from "./duplicates.js";
import { refusal } from "./refusal.js";

/** A new job's document on its way, and where its answer goes. */
export interface Draft {
  readonly id: JobId;
  readonly bytes: number;
  readonly document: JobDocument;
  readonly onDuplicate: OnDuplicate;
  readonly isDueNow: boolean;
  answer(answer: EnqueueAnswer): void;
}

const rounds = 20;

/** Inserts a batch until every draft has its answer: a key's owner may vanish between the refusal and the look. */
export async function insert(connection: Connection, batch: readonly Draft[]): Promise<void> {
  let open: readonly Draft[] = batch;
  for (let round = 0; round < rounds; round++) {
    const duplicates = await insertOnce(connection, open);
    if (duplicates.length === 0) return;
    open = await resolveDuplicates(connection, duplicates);
    if (open.length === 0) return;
  }
  throw new BrokerUnavailableError("enqueue: the owner of a unique key changes faster than it can be read; try again");
}

/** Those that the server has already, by their id or key. All others have their answer. */
async function insertOnce(connection: Connection, drafts: readonly Draft[]): Promise<readonly Draft[]> {
  try {
    await connection.jobs.insertMany(
      drafts.map(({ document }) => document),
      { ordered: false },
    );
  } catch (error) {
    if (isUnavailable(error) || isClosed(error)) throw error;
    const errors = writeErrorsOf(error);
    return errors.length > 0 ? answerEach(drafts, errors) : insertHalves(connection, drafts, error);
  }
  for (const draft of drafts) draft.answer(enqueued(draft));
  return [];
}

function answerEach(drafts: readonly Draft[], errors: readonly WriteError[]): Draft[] {
  const failed = new Map(errors.map((error) => [error.index, error]));
  const duplicates: Draft[] = [];
  drafts.forEach((draft, i) => {
    const error = failed.get(i);
    if (!error) draft.answer(enqueued(draft));
    else if (error.code === duplicateKey) duplicates.push(draft);
    else draft.answer({ state: "refused", error: refusal(error) });
  });
  return duplicates;
}

/** The batch as a whole was refused, because of one that cannot be sent at all: find it. */
async function insertHalves(connection: Connection, drafts: readonly Draft[], error: unknown): Promise<Draft[]> {
  const [first] = drafts;
  if (first && drafts.length === 1) {
    first.answer({ state: "refused", error: refusal(error) });
    return [];
  }
  const duplicates: Draft[] = [];
  for (const half of halves(drafts)) duplicates.push(...(await insertOnce(connection, half)));
  return duplicates;
}

function enqueued({ id }: Draft): EnqueueAnswer {
  return { state: "enqueued", id, created: true };
}
