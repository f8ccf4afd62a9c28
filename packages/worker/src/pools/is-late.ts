import type { Delivery } from "../delivery.js";

/** Its time to start has passed while it waited in this worker: the next claim says whether it has expired. */
export function isLate({ claim: { startBy, claimedAt }, since, failure }: Delivery): boolean {
  if (startBy === undefined || claimedAt > startBy || failure) return false;
  return claimedAt + performance.now() - since > startBy;
}
