import { setTimeout as pause } from "node:timers/promises";
import { BrokerUnavailableError, type SettleAnswer, type Settlement } from "@tandemq/core";
import type { Filter, ObjectId } from "mongodb";
import { halves } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { codeOf, duplicateKey, isClosed, isUnavailable } from "../connection/errors.js";
import { heldBy } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";
import type { Patch } from "../documents/updates.js";
import { refused } from "./refused.js";
import { resolve } from "./resolve.js";
import type { Kind, SettleSpec } from "./settle.js";

/** A settlement on its way, and where its answer goes. */
export interface Item {
  readonly _id: ObjectId;
  readonly id: string;
  readonly bytes: number;
  readonly kind: Kind;
  readonly patch: Patch;
  readonly settlement: Settlement;
  /** Its place among the settlements of the call. */
  readonly place: number;
  answer(answer: SettleAnswer): void;
}

const settled: SettleAnswer = { state: "settled" };
const tries = 3;
const betweenTries = 200;

/**
 * Settles a batch until every item has its answer.
 *
 * One update for all; when the server says that it found them all, that is that. Otherwise each document is read again
 * and says what became of it. An error of the server's that is about the data is pinned down by halving.
 */
export async function settleBatch(
  connection: Connection,
  batch: readonly Item[],
  spec: SettleSpec,
  left: number = tries,
): Promise<void> {
  const { matched, error } = await write(connection, batch, spec);
  if (matched === batch.length) return batch.forEach((item) => item.answer(settled));
  const open = await resolve(connection, batch, spec);
  const [first] = open;
  if (!first) return;
  if (error !== undefined && open.length === 1 && batch.length === 1) {
    return isKeyTaken(first, error)
      ? settleBatch(connection, [keyless(first)], spec, left)
      : first.answer(refused(error));
  }
  if (error === undefined && left === 0) {
    throw new BrokerUnavailableError("settle: held jobs were not found by the update; try again");
  }
  const parts = error === undefined ? [open] : halves(open);
  for (const part of parts) await settleBatch(connection, part, spec, left - (error === undefined ? 1 : 0));
}

/** The job goes to another queue, where somebody else has its unique key: it must run, and so gives up the key. */
function isKeyTaken({ patch }: Item, error: unknown): boolean {
  return codeOf(error) === duplicateKey && patch.queue !== undefined && !patch.givesUpKey;
}

function keyless(item: Item): Item {
  return { ...item, patch: { ...item.patch, givesUpKey: true } };
}

interface Written {
  readonly matched: number;
  /** Why the server refused the update; part of it may have been done. */
  readonly error?: unknown;
}

/**
 * Sends the update; again when the answer was lost. It is fenced, so what was done is not done twice; and a repeated
 * one is acknowledged only when the majority has what the first one did.
 */
async function write({ jobs, unchecked }: Connection, batch: readonly Item[], spec: SettleSpec): Promise<Written> {
  const ids = batch.map(({ _id }) => _id);
  const patches = batch.map(({ patch }) => patch);
  const filter = {
    ...heldBy(
      ids,
      batch.map(({ settlement }) => settlement),
    ),
    ...(spec.fencesLife && livesOf(batch)),
  };
  const update = spec.updates[batch[0]?.kind ?? "finish"](ids, patches);
  for (let left = tries; ; left--) {
    try {
      const { matchedCount } = await jobs.updateMany(filter, update, unchecked);
      return { matched: matchedCount };
    } catch (error) {
      if (isClosed(error)) throw error;
      if (!isUnavailable(error)) return { matched: -1, error };
      if (left <= 1) throw error;
      await pause(betweenTries);
    }
  }
}

/** The lives that the settlements name; each document's own is compared when it is read again. */
function livesOf(batch: readonly Item[]): Filter<JobDocument> {
  const lives = [...new Set(batch.map(({ settlement }) => settlement.generation))];
  return lives.includes(undefined) ? {} : ({ generation: { $in: lives } } as Filter<JobDocument>);
}
