import type { Token } from "@tandemq/core";
import type { Connection } from "../connection/connection.js";
import { isUnavailable } from "../connection/errors.js";
import { chunks } from "../connection/batches.js";
import { inLine, oneOf } from "../documents/filters.js";
import { givenBack } from "../documents/updates.js";
import { maxQueues } from "./haul.js";

/** A claim whose answer was lost: jobs may be held by it, but nobody runs them. */
export interface Doubt {
  readonly token: Token;
  readonly queues: readonly string[];
}

/** Runs a claim; when its answer is lost for good, the token is remembered. */
export async function withDoubt<T>({ doubts }: Connection, doubt: Doubt, claim: () => Promise<T>): Promise<T> {
  try {
    return await claim();
  } catch (error) {
    if (isUnavailable(error)) doubts.add(doubt);
    throw error;
  }
}

/** Gives back what lost answers left held, so that those jobs need not lapse and count as lost. */
export async function giveBackDoubtful({ doubts, quickJobs, unchecked }: Connection): Promise<void> {
  for (const doubt of [...doubts]) {
    for (const queues of chunks(doubt.queues, maxQueues)) {
      const held = { queue: oneOf(queues), ...inLine, front: true as const, status: "started" as const };
      await quickJobs.updateMany({ ...held, token: doubt.token }, givenBack([], [], true), unchecked);
    }
    doubts.delete(doubt);
  }
}
