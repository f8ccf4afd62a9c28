import type { JobRef } from "../model/job.js";
import type { Broker } from "../ports/broker.js";
import { reborn } from "../rules/reborn.js";
import type { ActionAnswer } from "./action-options.js";
import { type Destination, handOver } from "./hand-over.js";

/**
 * Puts dead jobs into line in another queue, of any broker: the same jobs in their next life, with their unique keys; then
 * the dead go. One whose key is another's there stays as it is, and is `keyTaken`; one that somebody else requeues at the
 * same moment is in line in one of the two places only.
 */
export async function requeueTo(from: Broker, to: Destination, refs: readonly JobRef[]): Promise<ActionAnswer[]> {
  if (from === to.broker && from.requeueInto) return from.requeueInto(refs, to.queue);
  const now = await to.broker.now();
  return handOver(from, to, refs, { which: "final", as: (job) => reborn(job, now) });
}
