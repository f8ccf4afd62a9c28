import type { ClaimRequest } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { claimBatch } from "./claim-batch.js";
import { claimFairly } from "./claim-fairly.js";
import { claimOne } from "./claim-one.js";
import { giveBackDoubtful } from "./doubts.js";
import { fewSlots, Haul } from "./haul.js";

const rounds = 8;

/** Claims due jobs of the queues: of one, of several in their order, or of each an equal share. */
export async function claim(connection: Connection, request: ClaimRequest): Promise<Haul> {
  await giveBackDoubtful(connection);
  const haul = new Haul(request.max);
  if (request.queues.length === 1) await claimFrom(connection, request, haul);
  else await claimFairly(connection, request, haul);
  return haul;
}

async function claimFrom(connection: Connection, request: ClaimRequest, haul: Haul): Promise<void> {
  for (let round = 0; round < rounds && haul.free > fewSlots; round++) {
    if ((await claimBatch(connection, request, haul)) === "empty") return;
  }
  // One by one no race is lost: what is due is found however many others claim.
  for (let i = 0; i < fewSlots && haul.free > 0; i++) {
    if (!(await claimOne(connection, request, haul))) return;
  }
}
