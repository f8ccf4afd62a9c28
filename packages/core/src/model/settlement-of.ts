import type { Claim, Outcome, Settlement } from "./claim.js";

/** How the delivery of this claim ended, as brokers are told it. */
export function settlementOf<O extends Outcome>(claim: Claim, outcome: O): Settlement & { readonly outcome: O } {
  const { id, queue, token, generation } = claim;
  return { id, queue, token, generation, outcome };
}
