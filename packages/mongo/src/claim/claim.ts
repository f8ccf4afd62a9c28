import type { ClaimRequest, ShapeOf } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { claimBatch } from "./claim-batch.js";
import { claimFairly } from "./claim-fairly.js";
import { claimOne } from "./claim-one.js";
import { giveBackDoubtful } from "./doubts.js";
import { fewSlots, Haul } from "./haul.js";
import { fromEnd, type Line } from "./line.js";

const rounds = 8;

/**
 * Claims due jobs of the queues: of one, of several in their order, or of each an equal share.
 *
 * @param shapeOf tells the LIFO queues, whose last jobs are taken first
 */
export async function claim(connection: Connection, request: ClaimRequest, shapeOf?: ShapeOf): Promise<Haul> {
  await giveBackDoubtful(connection);
  const haul = new Haul(request.max);
  const stacks = shapeOf ? request.queues.filter((queue) => shapeOf(queue).order === "lifo") : [];
  if (stacks.length > 0) await claimStacks(connection, request, stacks, haul);
  if (haul.free === 0) return haul;
  if (request.queues.length === 1) await claimFrom(connection, request, haul);
  else await claimFairly(connection, request, haul);
  return haul;
}

/** The last jobs of LIFO queues, up to the queues' share; what is left there comes with the others. */
async function claimStacks(
  connection: Connection,
  request: ClaimRequest,
  queues: readonly string[],
  haul: Haul,
): Promise<void> {
  const share = new Haul(Math.ceil((request.max * queues.length) / request.queues.length));
  await claimFrom(connection, { ...request, queues }, share, fromEnd);
  haul.claims.push(...share.claims);
  haul.setAside.push(...share.setAside);
}

async function claimFrom(connection: Connection, request: ClaimRequest, haul: Haul, line?: Line): Promise<void> {
  for (let round = 0; round < rounds && haul.free > fewSlots; round++) {
    if ((await claimBatch(connection, request, haul, line)) === "empty") return;
  }
  // One by one no race is lost: what is due is found however many others claim.
  for (let i = 0; i < fewSlots && haul.free > 0; i++) {
    if (!(await claimOne(connection, request, haul, line))) return;
  }
}
