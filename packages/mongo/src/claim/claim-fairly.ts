import { type ClaimRequest, dealt } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import type { Candidate } from "./candidate.js";
import { candidates, takeFound } from "./claim-batch.js";
import { claimOne } from "./claim-one.js";
import { dueQueues, oneIn } from "./due-queues.js";
import { fewSlots, type Haul } from "./haul.js";
import type { Line, LinesOf } from "./line.js";

const rounds = 8;

/** Claims from several queues: each that has work gets an equal share, those first that were served longest ago. */
export async function claimFairly(
  connection: Connection,
  request: ClaimRequest,
  haul: Haul,
  linesOf: LinesOf,
): Promise<void> {
  const due = await dueNow(connection, request);
  let open = due;
  for (let round = 0; round < rounds + open.length && open.length > 0 && haul.free > 0; round++) {
    const most = request.inOrder ? 1 : haul.free;
    const [asked, rest] = [open.slice(0, most), open.slice(most)];
    const full = haul.free > fewSlots ? claimShares : claimEach;
    const more = await full(connection, request, asked, haul, linesOf);
    open = request.inOrder ? [...more, ...rest] : [...rest, ...more];
  }
  // Others were quicker each time.
  if (haul.claims.length > 0 || due.length === 0) return;
  await claimEach(connection, request, due.slice(0, fewSlots), haul, linesOf);
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
  linesOf: LinesOf,
): Promise<string[]> {
  const share = Math.min(500, Math.ceil(haul.free / queues.length));
  const looks = await Promise.all(
    queues.map((queue) => firstOf(connection, { ...request, queues: [queue] }, share, linesOf(queue))),
  );
  const before = haul.claims.length;
  await takeFound(connection, request, dealt(looks).slice(0, haul.free), haul);
  const giving = new Set(haul.claims.slice(before).map(({ queue }) => queue));
  for (const queue of giving) connection.turns.served(queue);
  return queues.filter((_, i) => looks[i]?.length === share);
}

async function firstOf(
  connection: Connection,
  request: ClaimRequest,
  share: number,
  lines: readonly Line[],
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const line of lines) {
    if (found.length < share) found.push(...(await candidates(connection, request, share - found.length, line)));
  }
  return found;
}

/** One by one no race is lost. */
async function claimEach(
  connection: Connection,
  request: ClaimRequest,
  queues: readonly string[],
  haul: Haul,
  linesOf: LinesOf,
): Promise<string[]> {
  const full: string[] = [];
  for (const queue of queues) {
    if (haul.free === 0 || !(await claimFirst(connection, { ...request, queues: [queue] }, haul, linesOf(queue))))
      continue;
    connection.turns.served(queue);
    full.push(queue);
  }
  return full;
}

async function claimFirst(
  connection: Connection,
  request: ClaimRequest,
  haul: Haul,
  lines: readonly Line[],
): Promise<boolean> {
  for (const line of lines) if (await claimOne(connection, request, haul, line)) return true;
  return false;
}
