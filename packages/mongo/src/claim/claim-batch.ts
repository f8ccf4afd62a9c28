import type { Claim, ClaimRequest } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { claimOf } from "../documents/decode.js";
import { faultOf } from "../documents/fault.js";
import { dueNow } from "../documents/filters.js";
import { type Candidate, isLapsed } from "./candidate.js";
import { withDoubt } from "./doubts.js";
import type { Haul } from "./haul.js";
import { fromFront, type Line } from "./line.js";
import { setAside } from "./set-aside.js";
import { asRead, take } from "./take.js";
import { newToken } from "./tokens.js";

const maxBatch = 500;

/**
 * Reads the first in line and claims those that nobody changed since. `empty`: nothing more is due; `more`: there may
 * be more, or others were quicker.
 */
export async function claimBatch(
  connection: Connection,
  request: ClaimRequest,
  haul: Haul,
  line: Line = fromFront,
): Promise<"empty" | "more"> {
  const limit = Math.min(haul.free, maxBatch);
  const found = await candidates(connection, request, limit, line);
  const won = await takeFound(connection, request, found, haul);
  return found.length < limit && won === found.length ? "empty" : "more";
}

/** Claims of these jobs those that nobody changed since they were read. @returns how many */
export async function takeFound(
  connection: Connection,
  { queues, worker, lease, keepsKeys = false }: ClaimRequest,
  found: readonly Candidate[],
  haul: Haul,
): Promise<number> {
  const sound = await withoutFaulty(connection, found, haul);
  const delivery = { token: newToken(worker), worker, lease, keepsKeys };
  const won = await withDoubt(connection, { token: delivery.token, queues }, () => take(connection, sound, delivery));
  for (const candidate of won) haul.claims.push(delivered(candidate, delivery.token));
  return won.length;
}

/** The first in line. */
export async function candidates(
  { jobs }: Connection,
  { queues, paths }: Pick<ClaimRequest, "queues" | "paths">,
  limit: number,
  { match, sort, index }: Line = fromFront,
): Promise<Candidate[]> {
  const stages = [
    { $match: { ...dueNow(queues, paths), ...match } },
    { $sort: sort },
    { $limit: limit },
    { $set: { now: "$$NOW" } },
  ];
  return jobs.aggregate<Candidate>(stages, { hint: index, batchSize: limit + 1 }).toArray();
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

function delivered(candidate: Candidate, token: string): Claim {
  const { deliveries = 0, lost = 0 } = candidate as { deliveries?: number; lost?: number };
  return claimOf(candidate, token, { deliveries: deliveries + 1, lost: lost + (isLapsed(candidate) ? 1 : 0) });
}
