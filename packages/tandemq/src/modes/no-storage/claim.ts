import type { ClaimAnswer, ClaimRequest } from "@tandemq/core";
import { malformedJobs } from "../malformed-jobs.js";
import type { NoStorageContext } from "./context.js";

/** Claims entries; those that cannot be jobs are kept as failed ones. */
export async function claim({ live, failures }: NoStorageContext, request: ClaimRequest): Promise<ClaimAnswer> {
  const answer = await live.claim(request);
  if (answer.setAside.length > 0) await failures?.keep(malformedJobs(answer.setAside));
  return answer;
}
