import type { ClaimRequest } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { candidates, takeFound } from "./claim-batch.js";
import { claimOne } from "./claim-one.js";
import { dueQueues, oneIn } from "./due-queues.js";
import { fewSlots, type Haul } from "./haul.js";

const rounds = 8;

/** Claims from several queues: each that has work gets an equal share, those first that were served longest ago. */
export async function claimFairly(connection: Connection, request: ClaimRequest, haul: Haul): Promise<void> {
  const due = await dueNow(connection, request);
  let open = due;
  for (let round = 0; round < rounds + open.length && open.length > 0 && haul.free > 0; round++) {
    const most = request.inOrder ? 1 : haul.free;
    const [asked, rest] = [open.slice(0, most), open.slice(most)];
    const full = haul.free > fewSlots ? claimShares : claimEach;
    const more = await full(connection, request, asked, haul);
    open = request.inOrder ? [...more, ...rest] : [...rest, ...more];
  }
  // Others were quicker each time.
  if (haul.claims.length === 0 && due.length > 0) await claimEach(connection, request, due.slice(0, fewSlots), haul);
}

/** The queues with work, in the order in which they are asked. */
async function dueNow(connection: Connection, { queues, inOrder }: ClaimRequest): Promise<string[]> {
  if (queues.length === 0) return [];
  const due = (await dueQueues(connection, oneIn(queues))).filter(({ ms }) => ms === 0).map(({ queue }) => queue);
  if (!inOrder) return connection.turns.order(due);
  return queues.filter((queue) => due.includes(queue));
}

/** One look per queue and one write for all. @returns the queues that may have more */
async function claimShares(
  connection: Connection,
  request: ClaimRequest,
  queues: readonly string[],
  haul: Haul,
): Promise<string[]> {
  const share = Math.min(500, Math.ceil(haul.free / queues.length));
  const looks = await Promise.all(
    queues.map((queue) => candidates(connection, { ...request, queues: [queue] }, share)),
  );
  const before = haul.claims.length;
  await takeFound(connection, request, looks.flat().slice(0, haul.free), haul);
  for (const { queue } of haul.claims.slice(before)) connection.turns.served(queue);
  return queues.filter((_, i) => looks[i]?.length === share);
}

/** One by one no race is lost. */
async function claimEach(
  connection: Connection,
  request: ClaimRequest,
  queues: readonly string[],
  haul: Haul,
): Promise<string[]> {
  const full: string[] = [];
  for (const queue of queues) {
    if (haul.free === 0 || !(await claimOne(connection, { ...request, queues: [queue] }, haul))) continue;
    connection.turns.served(queue);
    full.push(queue);
  }
  return full;
}
