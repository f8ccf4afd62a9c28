import type { Claim, ClaimRequest, SetAside } from "@tandemq/core";
import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { claimBatch } from "./claim-batch.js";
import { claimOne } from "./claim-one.js";

/** More queues in one condition turn the merge of index ranges into a sort of everything that waits. */
export const maxQueues = 100;

const fewSlots = 3;
const rounds = 8;

/** What one claim call has gathered so far. */
export class Haul {
  readonly claims: Claim[] = [];
  readonly setAside: SetAside[] = [];
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get free(): number {
    return this.#max - this.claims.length;
  }
}

let turn = 0;

/** Claims due jobs of the queues, by up to a hundred of them at a time, another hundred first each time. */
export async function claim(connection: Connection, request: ClaimRequest): Promise<Haul> {
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
