import { type ClaimAnswer, type ClaimRequest, claimInTime } from "@tandemq/core";
import { malformedJobs } from "../malformed-jobs.js";
import type { NoStorageContext } from "./context.js";
import { settle } from "./settle.js";

/** Claims entries; those that cannot be jobs, and those that have expired, are kept as failed ones. */
export async function claim(context: NoStorageContext, request: ClaimRequest): Promise<ClaimAnswer> {
  const { live, failures } = context;
  const answer = await claimInTime(
    {
      claim: (asked) => live.claim(asked),
      get: (refs) => live.get(refs),
      settle: (settlements) => settle(context, settlements),
    },
    request,
  );
  if (answer.setAside.length > 0) await failures?.keep(malformedJobs(answer.setAside));
  return answer;
}
