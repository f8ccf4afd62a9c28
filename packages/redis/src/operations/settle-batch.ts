import {
  againOf,
  defaults,
  endsJob,
  type FailureOutcome,
  isGiveBack,
  isJobId,
  isOrderedByCaller,
  isRetry,
  isSuccess,
  type Outcome,
  type QueueShape,
  type RetryOutcome,
  type Settlement,
  type SuccessOutcome,
} from "@tandemq/core";
import { type BrokerContext, mostBytes, mostJobs } from "../broker-context.js";
import type { Argument } from "../connection/connections.js";
import { writeDue } from "../entry/write-entry.js";
import { again, fail, type LuaScript, putBack, settle } from "../generated/lua.js";
import { settledBits } from "../keys.js";
import { isOfSession, numberOf } from "../entry/token.js";

/** Settlements that one script call can take: of one queue, one session, and one key of settled tokens. */
export interface SettleBatch {
  readonly script: LuaScript;
  /** How the jobs end, where the script ends all alike. */
  readonly status: Outcome["status"] | "";
  readonly queue: string;
  readonly session: string;
  readonly block: number;
  /** Where in the call these settlements stand. */
  readonly positions: number[];
  readonly ids: string[];
  readonly numbers: number[];
  /** What the script is told of each outcome; not used by `settle`. */
  readonly details: (readonly Argument[])[];
  bytes: number;
}

/** What a script is told of an outcome. */
interface Detail {
  readonly script: LuaScript;
  readonly status: Outcome["status"] | "";
  readonly detail: readonly Argument[];
  readonly bytes: number;
}

const success: Detail = { script: settle, status: "success", detail: [], bytes: 0 };

/**
 * Adds the settlement to the batch it belongs to, or to a new one.
 *
 * @returns whether the token is one of ours; a foreign one belongs nowhere
 * @throws what makes the outcome's error no JSON
 */
export function addToBatches(
  batches: SettleBatch[],
  settlement: Settlement,
  position: number,
  { failures, shapeOf }: Pick<BrokerContext, "failures" | "shapeOf">,
): boolean {
  const { id, queue, token } = settlement;
  const number = numberOf(token);
  if (number < 0 || !isJobId(id)) return false;
  const detail = describe(settlement, failures, shapeOf(queue));
  const block = Math.floor(number / settledBits);
  const batch = openBatch(batches, settlement, detail, block) ?? newBatch(batches, settlement, detail, block);
  batch.positions.push(position);
  batch.ids.push(id);
  batch.numbers.push(number);
  if (detail.script !== settle) batch.details.push(detail.detail);
  batch.bytes += detail.bytes;
  return true;
}

/** The last batch that the settlement belongs to and that has room for it. */
function openBatch(
  batches: readonly SettleBatch[],
  { queue, token }: Settlement,
  { script, status, bytes }: Detail,
  block: number,
): SettleBatch | undefined {
  for (let i = batches.length - 1; i >= 0; i--) {
    const batch = batches[i] as SettleBatch;
    const isOfKind = batch.script === script && batch.status === status && batch.queue === queue;
    if (isOfKind && batch.block === block && isOfSession(token, batch.session) && hasRoom(batch, bytes)) return batch;
  }
  return undefined;
}

function hasRoom(batch: SettleBatch, bytes: number): boolean {
  return batch.positions.length < mostJobs && (batch.bytes + bytes <= mostBytes || batch.positions.length === 0);
}

function newBatch(
  batches: SettleBatch[],
  { queue, token }: Settlement,
  { script, status }: Detail,
  block: number,
): SettleBatch {
  const session = token.slice(0, token.lastIndexOf("."));
  const place = { script, status, queue, session, block };
  const batch: SettleBatch = { ...place, positions: [], ids: [], numbers: [], details: [], bytes: 0 };
  batches.push(batch);
  return batch;
}

/** Failures of queues that keep them go to `fail`, what goes on to `put-back`, everything else is over without a trace. */
function describe({ outcome, keep = defaults.keepFailures }: Settlement, failures: number, shape: QueueShape): Detail {
  if (shape.kind === "timed" && endsJob(outcome)) return describeAgain(outcome, keep, shape);
  if (isSuccess(outcome)) return success;
  if (isGiveBack(outcome)) {
    const how = outcome.lost ? "lost" : outcome.limited ? "limited" : "interrupt";
    return { script: putBack, status: "", detail: [how, Math.ceil(outcome.delay ?? 0), ""], bytes: 0 };
  }
  const error = outcome.error === undefined ? "" : JSON.stringify(outcome.error);
  const bytes = error.length;
  if (isRetry(outcome)) return { script: putBack, status: "", detail: ["retry", when(outcome, shape), error], bytes };
  if (failures === 0) return { script: settle, status: outcome.status, detail: [], bytes: 0 };
  return { script: fail, status: "", detail: [outcome.status, keep, error], bytes };
}

function when({ delay, priority }: RetryOutcome, shape: QueueShape): Argument {
  return priority === undefined || isOrderedByCaller(shape) ? whole(delay) : `${whole(delay)} ${priority}`;
}

function whole(ms: number): number {
  return Math.max(0, Math.round(ms));
}

/** The end of a run in a timed queue. */
function describeAgain(outcome: SuccessOutcome | FailureOutcome, keep: number, shape: QueueShape): Detail {
  const due = againOf(shape, outcome);
  const error = isSuccess(outcome) ? "" : JSON.stringify(outcome.error);
  const detail = [outcome.status, due ? writeDue(due) || "+0" : "", keep, error];
  return { script: again, status: "", detail, bytes: error.length };
}
