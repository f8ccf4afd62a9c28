import type { Filter, UpdateFilter } from "mongodb";
import type { Connection } from "../connection/connection.js";
import { isUnavailable } from "../connection/errors.js";
import { inLine, pick } from "../documents/filters.js";
import type { JobDocument } from "../documents/job-document.js";
import { type Delivery, started, startedFromWaiting } from "../documents/updates.js";
import { type Candidate, freesKey, isLapsed, keepsKey } from "./candidate.js";

type JobUpdate = UpdateFilter<JobDocument> | ReturnType<typeof started>;

/** So many updates at most, each quicker than the one that fits all documents. */
const fewGroups = 3;

/** Those of the candidates that are now held by the delivery. */
export async function take(
  connection: Connection,
  candidates: readonly Candidate[],
  delivery: Delivery,
): Promise<readonly Candidate[]> {
  const won = await write(connection, candidates, delivery);
  if (won === candidates.length) return candidates;
  if (won === 0) return [];
  const ids = candidates.map(({ _id }) => _id);
  const ours = { _id: { $in: ids }, token: delivery.token };
  const found = await connection.jobs.find(ours, { projection: { _id: 1 } }).toArray();
  const held = new Set(found.map(({ _id }) => _id.toHexString()));
  return candidates.filter(({ _id }) => held.has(_id.toHexString()));
}

/** How many were won; `undefined` when the answer was lost on its way. */
async function write(
  { quickJobs, unchecked }: Connection,
  candidates: readonly Candidate[],
  delivery: Delivery,
): Promise<number | undefined> {
  let won = 0;
  try {
    for (const [filter, update] of updates(candidates, delivery)) {
      won += (await quickJobs.updateMany(filter, update, unchecked)).modifiedCount;
    }
    return won;
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return undefined;
  }
}

function updates(candidates: readonly Candidate[], delivery: Delivery): [Filter<JobDocument>, JobUpdate][] {
  const groups = grouped(candidates);
  if (groups.length > fewGroups) return [[eachAsRead(candidates), started(delivery)]];
  return groups.map((alike) => [asRead(alike), updateFor(alike, delivery)]);
}

/** In groups that one update can claim: same revision, found lapsed or not, with a key to free, to keep, or without. */
function grouped(candidates: readonly Candidate[]): Candidate[][] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const name = `${String(candidate.rev)}/${isLapsed(candidate)}/${freesKey(candidate)}/${keepsKey(candidate)}`;
    const group = groups.get(name);
    if (group) group.push(candidate);
    else groups.set(name, [candidate]);
  }
  return [...groups.values()];
}

/** The documents as they were read: every change counts `rev` up. A producer of another language may have left it out. */
export function asRead(alike: readonly Candidate[]): Filter<JobDocument> {
  const ids = alike.map(({ _id }) => _id);
  return { _id: { $in: ids }, rev: { $eq: alike[0]?.rev ?? null }, ...inLine } as Filter<JobDocument>;
}

function eachAsRead(candidates: readonly Candidate[]): Filter<JobDocument> {
  const ids = candidates.map(({ _id }) => _id);
  const revs = candidates.map(({ rev }) => rev ?? null);
  return { _id: { $in: ids }, ...inLine, $expr: { $eq: [{ $ifNull: ["$rev", null] }, pick(ids, revs)] } };
}

function updateFor([first]: readonly Candidate[], delivery: Delivery): JobUpdate {
  if (!first || isLapsed(first) || keepsKey(first)) return started(delivery);
  return startedFromWaiting(delivery, first.now as Date, freesKey(first));
}
