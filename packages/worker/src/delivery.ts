import type { Claim, FailureOutcome, Json, Source } from "@tandemq/core";

/** One claim that this worker holds, from the claim to its settlement. */
export interface Delivery {
  /** Number of the delivery, unique within the worker, from 1. */
  readonly n: number;
  /** As it was claimed; the keys of its limits are added when they are known. */
  claim: Claim;
  readonly source: Source;
  /** `performance.now()` of the claim's answer, or when the start came for which it was held. */
  since: number;
  /** Where it stands in the ledger. */
  place?: number;
  /** `settling`: its outcome is known, the store's word is not. */
  state: "running" | "settling";
  /** Process id of the child it runs in. */
  pid?: number;
  progress?: Json;
  /** Its task's `onFailed` was called in the run. */
  told?: boolean;
  /** The job is over, without success: only its task's `onFailed` is still to be called, with this. */
  failure?: FailureOutcome;
}
