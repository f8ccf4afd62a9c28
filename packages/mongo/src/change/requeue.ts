import type { ChangeAnswer, JobRef } from "@tandemq/core";
import { halves } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { codeOf, duplicateKey } from "../connection/errors.js";
import { isFinal } from "../documents/filters.js";
import { plus, reborn } from "../documents/updates.js";
import { changeAll, newMark } from "./change.js";

const isText = { $eq: [{ $type: "$key.value" }, "string"] };
const held = { $cond: [isText, "$key.value", "$$REMOVE"] };
const next = { $max: [2, plus("generation", 1)] };

/** Puts final jobs back in line as a new life, each with its unique key, as far as that is free. */
export function requeue(connection: Connection, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  return requeueMarked(connection, refs, newMark());
}

/** A taken key stops the server at its document: the halves find it, and know by the mark what was done before. */
async function requeueMarked(connection: Connection, refs: readonly JobRef[], mark: string): Promise<ChangeAnswer[]> {
  try {
    return await changeAll(connection, refs, isFinal, (change) => reborn(next, { due: "$$NOW", held, change }), mark);
  } catch (error) {
    if (codeOf(error) !== duplicateKey) throw error;
  }
  if (refs.length <= 1) return refs.map(() => "keyTaken");
  const answers: ChangeAnswer[] = [];
  for (const half of halves(refs)) answers.push(...(await requeueMarked(connection, half, mark)));
  return answers;
}
