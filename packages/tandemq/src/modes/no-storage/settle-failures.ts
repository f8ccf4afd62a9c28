import {
  type Broker,
  type Claim,
  defaults,
  endsJob,
  type FailureOutcome,
  type JobStore,
  type SettleAnswer,
  type Settlement,
} from "@tandemq/core";
import { failedJob } from "../job-of-claim.js";

export function isFailure(settlement: Settlement): boolean {
  return endsJob(settlement.outcome) && settlement.outcome.status !== "success";
}

/**
 * Ends deliveries that failed: the document first, then the entry. Pushing the lease tells beforehand which deliveries
 * are still ours, so that a delivery that was taken over leaves no document.
 */
export async function settleFailures(
  line: Broker,
  store: JobStore,
  failures: readonly Settlement[],
  claims: readonly (Claim | undefined)[],
): Promise<SettleAnswer[]> {
  const held = await line.extend(failures, defaults.lease);
  const jobs = failures.flatMap((failure, i) => {
    const claim = claims[i];
    const keep = failure.keep ?? defaults.keepFailures;
    return held[i] === "extended" && claim ? [failedJob(claim, failure.outcome as FailureOutcome, keep)] : [];
  });
  if (jobs.length > 0) await store.record(jobs);
  return line.settle(failures);
}
