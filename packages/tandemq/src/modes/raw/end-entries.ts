import { type Broker, defaults, type Job, type SettleAnswer, type Settlement } from "@tandemq/core";
import { endedJob } from "../merge-job.js";
import type { RawContext } from "./context.js";

/** Ends claimed entries that will not run (expired, malformed): their documents first, then the entries go. */
export async function endEntries(
  { live, store }: RawContext,
  settlements: readonly Settlement[],
): Promise<SettleAnswer[]> {
  await store.record(await endedJobs(live, settlements));
  return live.settle(settlements);
}

/** Of those that are still held by their own delivery. */
async function endedJobs(live: Broker, settlements: readonly Settlement[]): Promise<Job[]> {
  const entries = await live.get(settlements);
  const deleteAt = new Date(Date.now() + defaults.keepFailures);
  return settlements.flatMap(({ token, outcome }, i) => {
    const entry = entries[i];
    if (entry?.token !== token || !("error" in outcome)) return [];
    return [{ ...endedJob(entry, outcome.status), startedAt: undefined, deleteAt, error: outcome.error }];
  });
}
