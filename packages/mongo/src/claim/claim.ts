import type { ClaimRequest, ShapeOf } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { claimBatch } from "./claim-batch.js";
import { claimFairly } from "./claim-fairly.js";
import { claimOne } from "./claim-one.js";
import { giveBackDoubtful } from "./doubts.js";
import { fewSlots, Haul } from "./haul.js";
import { type Line, linesBy } from "./line.js";

const rounds = 8;

/**
 * Claims due jobs of the queues: of one, of several in their order, or of each an equal share.
 *
 * @param shapeOf tells the LIFO queues, whose last jobs are taken first
 */
export async function claim(connection: Connection, request: ClaimRequest, shapeOf?: ShapeOf): Promise<Haul> {
  await giveBackDoubtful(connection);
  const haul = new Haul(request.max);
  const linesOf = linesBy(shapeOf);
  const [queue, ...others] = request.queues;
  if (queue === undefined) return haul;
  if (others.length > 0) await claimFairly(connection, request, haul, linesOf);
  else for (const line of linesOf(queue)) await claimFrom(connection, request, haul, line);
  return haul;
}

async function claimFrom(connection: Connection, request: ClaimRequest, haul: Haul, line: Line): Promise<void> {
  for (let round = 0; round < rounds && haul.free > fewSlots; round++) {
    if ((await claimBatch(connection, request, haul, line)) === "empty") return;
  }
  // One by one no race is lost: what is due is found however many others claim.
  for (let i = 0; i < fewSlots && haul.free > 0; i++) {
    if (!(await claimOne(connection, request, haul, line))) return;
  }
}
