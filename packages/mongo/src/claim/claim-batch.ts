import type { ClaimRequest } from "@tandemq/core";
import type { Filter } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { isUnavailable } from "../connection/errors.js";
import { claimFields, claimOf } from "../documents/decode.js";
import { faultOf } from "../documents/fault.js";
import { dueNow, inLine, lineOrder } from "../documents/filters.js";
import type { JobDocument, Stored } from "../documents/job-document.js";
import { type Delivery, started, startedFromWaiting } from "../documents/updates.js";
import type { Haul } from "./claim.js";
import { setAside } from "./set-aside.js";
import { newToken } from "./tokens.js";

const maxBatch = 500;

type Candidate = Stored & Pick<JobDocument, "_id">;

/**
 * Reads the first in line and claims those that nobody changed since. `empty`: nothing more is due; `more`: there may
 * be more, or others were quicker.
 */
export async function claimBatch(connection: Connection, request: ClaimRequest, haul: Haul): Promise<"empty" | "more"> {
  const limit = Math.min(haul.free, maxBatch);
  const found = await candidates(connection, request.queues, limit);
  const sound = await withoutFaulty(connection, found, haul);
  const delivery = { token: newToken(request.worker), worker: request.worker, lease: request.lease };
  const won = await take(connection, sound, delivery);
  for (const candidate of won) haul.claims.push(delivered(candidate, delivery.token));
  return found.length < limit && won.length === found.length ? "empty" : "more";
}

async function candidates({ jobs }: Connection, queues: readonly string[], limit: number): Promise<Candidate[]> {
  const options = { projection: claimFields, sort: lineOrder, limit, batchSize: limit + 1 };
  return jobs.find<Candidate>(dueNow(queues), options).toArray();
}

async function withoutFaulty(connection: Connection, found: readonly Candidate[], haul: Haul): Promise<Candidate[]> {
  const sound: Candidate[] = [];
  for (const candidate of found) {
    const fault = faultOf(candidate);
    if (fault) await setAside(connection, asRead([candidate]), candidate, fault, haul);
    else sound.push(candidate);
  }
  return sound;
}

/** Those of the candidates that are now held by the delivery. */
async function take(
  { quickJobs, jobs, unchecked }: Connection,
  candidates: readonly Candidate[],
  delivery: Delivery,
): Promise<readonly Candidate[]> {
  let won = 0;
  try {
    for (const alike of grouped(candidates)) {
      const { modifiedCount } = await quickJobs.updateMany(asRead(alike), updateFor(alike, delivery), unchecked);
      won += modifiedCount;
    }
  } catch (error) {
    // An answer that was lost on its way leaves jobs held by nobody who knows: look which ones are ours.
    if (!isUnavailable(error)) throw error;
    won = -1;
  }
  if (won === candidates.length) return candidates;
  if (won === 0) return [];
  const ids = candidates.map(({ _id }) => _id);
  const ours = await jobs.find({ _id: { $in: ids }, token: delivery.token }, { projection: { _id: 1 } }).toArray();
  const held = new Set(ours.map(({ _id }) => _id.toHexString()));
  return candidates.filter(({ _id }) => held.has(_id.toHexString()));
}

/** In groups that one update can claim: same revision, found lapsed or not, with a key to free or without. */
function grouped(candidates: readonly Candidate[]): Candidate[][] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const name = `${candidate.rev}/${isLapsed(candidate)}/${freesKey(candidate)}`;
    const group = groups.get(name);
    if (group) group.push(candidate);
    else groups.set(name, [candidate]);
  }
  return [...groups.values()];
}

/** The documents as they were read: every change counts `rev` up. A producer of another language may have left it out. */
function asRead(alike: readonly Candidate[]): Filter<JobDocument> {
  return {
    _id: { $in: alike.map(({ _id }) => _id) },
    rev: { $eq: alike[0]?.rev ?? null },
    ...inLine,
  } as Filter<JobDocument>;
}

function updateFor([first]: readonly Candidate[], delivery: Delivery) {
  if (!first || isLapsed(first)) return started(delivery);
  return startedFromWaiting(delivery, first.now as Date, freesKey(first));
}

function delivered(candidate: Candidate, token: string) {
  const { deliveries = 0, lost = 0 } = candidate as { deliveries?: number; lost?: number };
  return claimOf(candidate, token, { deliveries: deliveries + 1, lost: lost + (isLapsed(candidate) ? 1 : 0) });
}

function isLapsed({ status }: Candidate): boolean {
  return status === "started";
}

function freesKey({ key }: Candidate): boolean {
  return (key as { until?: string } | undefined)?.until === "start";
}
