import { maxHistory, type ProgressUpdate, type Status } from "@tandemq/core";
import type { AnyBulkWriteOperation, Document, ObjectId, UpdateFilter } from "mongodb";
import { pick } from "./filters.js";
import { objectId } from "./ids.js";
import type { JobDocument } from "./job-document.js";
import { asLongAsKey, keyLetGo, keyMoved, letKeyGo } from "./keys.js";

/** What a settlement writes to one document; the server's time is added there. */
export interface Patch {
  readonly status: Status;
  readonly result?: unknown;
  readonly error?: unknown;
  /** Milliseconds until it is deleted. */
  readonly keep?: number;
  /** Milliseconds until it comes due again. */
  readonly delay?: number;
  /** Where it waits from now on, if not where it was. */
  readonly queue?: string;
  readonly priority?: number;
  /** Its unique key is another's in the queue that it goes to. For a batch of one. */
  readonly givesUpKey?: boolean;
  readonly lost?: number;
  /** When its entry in a timed queue comes due again: milliseconds from now, or a time. */
  readonly again?: number | Date;
  /** It did not run: the history stays. */
  readonly limited?: boolean;
}

export interface Delivery {
  readonly token: string;
  readonly worker: string;
  /** Milliseconds. */
  readonly lease: number;
  readonly keepsKeys?: boolean;
}

/** A claim, for any live document: counts the loss when the lease of an earlier delivery has lapsed. */
export function started({ token, worker, lease, keepsKeys }: Delivery): Document[] {
  const lapsed = { $eq: ["$status", "started"] };
  const next = {
    status: "started",
    due: fromNow(lease),
    front: true,
    token: { $literal: token },
    worker: { $literal: worker },
    startedAt: "$$NOW",
    deliveries: plus("deliveries", 1),
    lost: plus("lost", { $cond: [lapsed, 1, 0] }),
    history: { $cond: [lapsed, remembered("interrupt", plus("attempt", 1)), "$history"] },
    ...(!keepsKeys && letKeyGo({ $eq: ["$key.until", "start"] })),
  };
  return [set(next)];
}

/** A claim of documents that nobody holds: the same as `started`, but quicker. */
export function startedFromWaiting(delivery: Delivery, now: Date, freesKey: boolean): UpdateFilter<JobDocument> {
  const { token, worker, lease, keepsKeys } = delivery;
  return {
    $set: {
      status: "started",
      due: new Date(now.getTime() + lease),
      ...{ front: true, token, worker, startedAt: now },
    },
    $inc: { deliveries: 1, rev: 1 },
    ...(freesKey && !keepsKeys && { $unset: { held: "" } }),
  };
}

/** A delivery that kept its key runs now. */
export const begun: Document[] = [set(keyLetGo)];

export function extended(lease: number): Document[] {
  return [set({ due: fromNow(lease) })];
}

/** Changes nothing that a claim or a settlement looks at, and so counts no revision. */
export function progressOf({ id, token, progress }: ProgressUpdate): AnyBulkWriteOperation<JobDocument> {
  return { updateOne: { filter: { _id: objectId(id), token }, update: { $set: { progress } } } };
}

/** The end of jobs; each document takes its own patch. */
export function finished(ids: readonly ObjectId[], patches: readonly Patch[]): Document[] {
  return [
    { $set: { outcome: pick(ids, patches) } },
    set({
      status: "$outcome.status",
      result: "$outcome.result",
      error: "$outcome.error",
      attempt: plus("attempt", 1),
      ...over("$outcome.keep"),
      ...keyLetGo,
    }),
    ...(patches.some(({ status }) => status === "expired") ? [neverRan] : []),
    ...(patches.some(({ again }) => again !== undefined) ? [goesOn] : []),
    { $unset: ["outcome", ...liveFields] },
  ];
}

const isExpired = { $eq: ["$status", "expired"] };

/** Expired jobs were claimed, but did not run. */
const neverRan: Document = {
  $set: {
    attempt: { $cond: [isExpired, { $subtract: ["$attempt", 1] }, "$attempt"] },
    startedAt: { $cond: [isExpired, "$$REMOVE", "$startedAt"] },
  },
};

/** The times after which entries of timed queues come due again. */
const goesOn: Document = {
  $set: {
    again: { $cond: [{ $isNumber: "$outcome.again" }, { $add: ["$$NOW", "$outcome.again"] }, "$outcome.again"] },
  },
};

/** A run is over, another will follow. */
export function retried(ids: readonly ObjectId[], patches: readonly Patch[], time: "due" | "retryAt"): Document[] {
  const attempt = plus("attempt", 1);
  return [
    { $set: { outcome: pick(ids, patches) } },
    set({
      status: "retry",
      attempt,
      [time]: { $add: ["$$NOW", "$outcome.delay"] },
      error: { $ifNull: ["$outcome.error", "$error"] },
      history: remembered("retry", attempt, "$outcome.error"),
      ...(patches.some(isMove) && moved),
    }),
    {
      $unset: [
        "outcome",
        "worker",
        ...(patches.some(({ givesUpKey }) => givesUpKey) ? ["held", "heldUntil", "key"] : []),
      ],
    },
  ];
}

function isMove({ queue, priority }: Patch): boolean {
  return queue !== undefined || priority !== undefined;
}

const moved: Document = {
  queue: { $ifNull: ["$outcome.queue", "$queue"] },
  priority: { $ifNull: ["$outcome.priority", "$priority"] },
  ...keyMoved({ $ne: [{ $ifNull: ["$outcome.queue", "$queue"] }, "$queue"] }),
};

/** A delivery is given back, in front of those queued after it. Raw jobs wait elsewhere and get no due time. */
export function givenBack(ids: readonly ObjectId[], patches: readonly Patch[], inLine: boolean): Document[] {
  return [
    { $set: { outcome: pick(ids, patches) } },
    set({
      status: "interrupt",
      lost: plus("lost", { $ifNull: ["$outcome.lost", 0] }),
      ...(inLine && { due: { $ifNull: [{ $add: ["$$NOW", "$outcome.delay"] }, { $min: ["$queuedAt", "$$NOW"] }] } }),
      history: { $cond: ["$outcome.limited", "$history", remembered("interrupt", plus("attempt", 1))] },
    }),
    { $unset: ["outcome", "worker"] },
  ];
}

/** The end of jobs without a run: cancelled, or set aside. */
export function ended(status: Status, keep: number, more: Document = {}): Document[] {
  return [set({ status, ...over({ $literal: keep }), ...more, ...keyLetGo }), { $unset: liveFields }];
}

/** A new life: nothing of the former one stays but what the job is. */
export function reborn(generation: unknown, more: Document): Document[] {
  const fresh = { attempt: 0, deliveries: 0, lost: 0, history: [] };
  return [
    set({ status: "queued", generation, queuedAt: "$$NOW", ...fresh, ...more }),
    { $unset: [...lifeFields, ...liveFields.filter((field) => !(field in more))] },
  ];
}

export function fromNow(ms: number): Document {
  return { $add: ["$$NOW", { $literal: ms }] };
}

/** A stage that sets the fields and counts the change. */
export function set(fields: Document): Document {
  return { $set: { ...fields, rev: plus("rev", 1) } };
}

/** The field plus something; a missing field counts as 0, and what is no number stays, for the claimer to find. */
export function plus(field: string, more: unknown): Document {
  const value = `$${field}`;
  return { $cond: [{ $isNumber: value }, { $add: [value, more] }, { $ifNull: [value, more] }] };
}

const liveFields = ["due", "front", "retryAt"];
const lifeFields = [
  ...["token", "worker", "startedAt", "finishedAt", "deleteAt", "progress", "result", "error"],
  ...["startBy", "again", "heldUntil"],
];

/** A document that has a key for a time stays for so long. */
function over(keep: unknown): Document {
  return { finishedAt: "$$NOW", deleteAt: asLongAsKey({ $add: ["$$NOW", keep] }) };
}

/** The history with the run that ends now, bounded. */
function remembered(status: Status, attempt: Document, error?: string): Document {
  const run = { attempt, status, startedAt: "$startedAt", finishedAt: "$$NOW", worker: "$worker" };
  const earlier = { $cond: [{ $isArray: "$history" }, "$history", []] };
  return { $slice: [{ $concatArrays: [earlier, [error ? { ...run, error } : run]] }, -maxHistory] };
}

/** A raw job's delivery starts: what is known of earlier runs of the same life stays. */
export function startedAnew({ history: _history, ...document }: JobDocument): Document[] {
  const sameLife = { $eq: ["$generation", { $literal: document.generation }] };
  const kept = { history: { $ifNull: ["$history", []] }, error: "$error", progress: "$progress", rev: plus("rev", 1) };
  const former = { $cond: [sameLife, kept, { history: [], rev: plus("rev", 1) }] };
  return [{ $replaceWith: { $mergeObjects: [{ $literal: document }, former] } }];
}

const jobFields = ["path", "params", "priority", "key", "settings", "tags", "meta", "startBy", "score"] as const;

/** A waiting job becomes the new one, but for its id, its parent (the new one may descend from it), its life and what earlier runs left. */
export function replacedByNew(document: JobDocument, due: unknown): Document[] {
  const given = jobFields.filter((field) => document[field] !== undefined);
  const fields = Object.fromEntries(given.map((field) => [field, { $literal: document[field] }]));
  const missing = jobFields.filter((field) => document[field] === undefined);
  return [set({ ...fields, due }), ...(missing.length > 0 ? [{ $unset: missing }] : [])];
}

/** The whole document, whatever was there. */
export function replacedBy(document: JobDocument): Document[] {
  return [{ $replaceWith: { $mergeObjects: [{ $literal: document }, { rev: plus("rev", 1) }] } }];
}

/** The whole document of a job that is over; the server gives the times that it does not have. */
export function replacedByFinal(document: JobDocument, keep: number): Document[] {
  const times = { finishedAt: { $ifNull: ["$finishedAt", "$$NOW"] } };
  const deletion = { deleteAt: { $ifNull: ["$deleteAt", { $add: ["$finishedAt", keep] }] } };
  return [...replacedBy(document), { $set: times }, { $set: deletion }];
}
