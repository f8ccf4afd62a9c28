import type { ClaimRequest } from "@tandemq/core";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { claimBatch } from "./claim-batch.js";
import { claimOne } from "./claim-one.js";
import { giveBackDoubtful } from "./doubts.js";
import { Haul, maxQueues } from "./haul.js";

const fewSlots = 3;
const rounds = 8;

let turn = 0;

/** Claims due jobs of the queues, by up to a hundred of them at a time, another hundred first each time. */
export async function claim(connection: Connection, request: ClaimRequest): Promise<Haul> {
  await giveBackDoubtful(connection);
  const haul = new Haul(request.max);
  const groups = chunks(request.queues, maxQueues);
  turn += 1;
  for (let i = 0; i < groups.length && haul.free > 0; i++) {
    const queues = groups[(i + turn) % groups.length] ?? [];
    await claimFrom(connection, { ...request, queues }, haul);
  }
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
