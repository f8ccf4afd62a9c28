import {
  consumesAttempt,
  defaults,
  type Due,
  endsJob,
  isRetry,
  isSuccess,
  type RetryOutcome,
  type SettleAnswer,
  type Settlement,
} from "@tandemq/core";
import { BSON, type Document, type ObjectId } from "mongodb";
import { batches } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { objectId } from "../documents/ids.js";
import { finished, givenBack, type Patch, retried } from "../documents/updates.js";
import { refused, tooLarge } from "./refused.js";
import { type Item, settleBatch } from "./settle-batch.js";

const limits = { count: 500, bytes: 4 * 1024 * 1024 };
/** A document holds 16 MiB, the job itself included. */
const maxBytes = 16 * 1024 * 1024 - 16 * 1024;

/** How the outcomes of one kind are written. */
export type Kind = "finish" | "retry" | "give back";

export type Update = (ids: readonly ObjectId[], patches: readonly Patch[]) => Document[];

export const brokerUpdates: Readonly<Record<Kind, Update>> = {
  finish: finished,
  retry: (ids, patches) => retried(ids, patches, "due"),
  "give back": (ids, patches) => givenBack(ids, patches, true),
};

export const storeUpdates: Readonly<Record<Kind, Update>> = {
  finish: finished,
  retry: (ids, patches) => retried(ids, patches, "retryAt"),
  "give back": (ids, patches) => givenBack(ids, patches, false),
};

/** Lands an outcome whose document is missing or of an earlier life; `lost` when that is not for it to do. */
export type LandMissing = (item: Item) => Promise<SettleAnswer | undefined>;

export interface SettleSpec {
  readonly updates: Readonly<Record<Kind, Update>>;
  /** Whether the job's life is compared beside the token, where the settlement names it. */
  readonly fencesLife?: boolean;
  /** Called for an outcome whose document is missing or of an earlier generation. */
  readonly land?: LandMissing;
}

/** Writes outcomes in bounded batches, one update each; every settlement gets its own answer, at its place. */
export async function settle(
  connection: Connection,
  settlements: readonly Settlement[],
  spec: SettleSpec,
): Promise<SettleAnswer[]> {
  const answers: SettleAnswer[] = [];
  const items: Item[] = [];
  settlements.forEach((settlement, place) => {
    const answer = (given: SettleAnswer) => {
      answers[place] = given;
    };
    const item = itemOf(settlement, place, answer);
    if (item) items.push(item);
  });
  await Promise.all(kinds.map((kind) => settleKind(connection, items, kind, spec)));
  return answers;
}

const kinds: readonly Kind[] = ["finish", "retry", "give back"];

async function settleKind(connection: Connection, items: readonly Item[], kind: Kind, spec: SettleSpec): Promise<void> {
  const alike = items.filter((item) => item.kind === kind);
  for (const batch of batches(alike, limits)) await settleBatch(connection, batch, spec);
}

/** The settlement ready to be sent, or `undefined` when it has its answer already. */
function itemOf(settlement: Settlement, place: number, answer: Item["answer"]): Item | undefined {
  const _id = objectId(settlement.id);
  if (!_id) return void answer({ state: "lost" });
  const patch = patchOf(settlement);
  try {
    const bytes = BSON.calculateObjectSize(patch, { ignoreUndefined: true });
    if (bytes > maxBytes) return void answer(refused(tooLarge(bytes)));
    return { _id, id: settlement.id, bytes, patch, settlement, place, kind: kindOf(settlement), answer };
  } catch (error) {
    return void answer(refused(error));
  }
}

function kindOf({ outcome }: Settlement): Kind {
  if (endsJob(outcome)) return "finish";
  return consumesAttempt(outcome) ? "retry" : "give back";
}

function patchOf(settlement: Settlement): Patch {
  const { outcome, keep = defaults.keepResults } = settlement;
  const { status } = outcome;
  if (endsJob(outcome) && outcome.again)
    return { ...patchOf({ ...settlement, outcome: { ...outcome, again: false } }), again: againOf(outcome.again) };
  if (isSuccess(outcome)) return { status, result: outcome.result, keep };
  if (isRetry(outcome)) return retryPatch(outcome);
  if (endsJob(outcome)) return { status, error: outcome.error, keep };
  const { lost, limited, delay } = outcome;
  return { status, lost: lost ? 1 : 0, ...(delay && { delay: Math.ceil(delay) }), ...(limited && { limited }) };
}

function retryPatch({ status, delay, error, queue, priority }: RetryOutcome): Patch {
  return {
    status,
    delay,
    error,
    ...(queue === undefined ? {} : { queue }),
    ...(priority === undefined ? {} : { priority }),
  };
}

function againOf(due: Due): number | Date {
  return "at" in due ? new Date(due.at) : due.after;
}
