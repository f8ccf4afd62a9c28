import { type ClaimAnswer, type ClaimRequest, claimInTime, type JobRef, type Settlement } from "@tandemq/core";
import { malformedJobs } from "../malformed-jobs.js";
import { turnMembers } from "../members.js";
import type { NoStorageContext } from "./context.js";
import { settle } from "./settle.js";

/** Claims entries; those that cannot be jobs, and those that have expired, are kept as failed ones. */
export async function claim(context: NoStorageContext, request: ClaimRequest): Promise<ClaimAnswer> {
  const { live, failures, factoryOf } = context;
  const end = (settlements: readonly Settlement[]) => settle(context, settlements);
  const asked = { claim: (some: ClaimRequest) => live.claim(some), get: (refs: readonly JobRef[]) => live.get(refs) };
  const answer = await turnMembers(await claimInTime({ ...asked, settle: end }, request), factoryOf, end);
  if (answer.setAside.length > 0) await failures?.keep(malformedJobs(answer.setAside));
  return answer;
}
