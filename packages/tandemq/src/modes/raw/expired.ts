import { type Broker, defaults, type InTime, type Job, type Settlement } from "@tandemq/core";
import { endedJob } from "../merge-job.js";
import type { RawContext } from "./context.js";

/** How entries are claimed and the expired among them ended: their documents first, then the entries go. */
export function inTime({ live, store }: RawContext): InTime {
  return {
    claim: (request) => live.claim(request),
    get: (refs) => live.get(refs),
    async settle(settlements) {
      await store.record(await expiredJobs(live, settlements));
      return live.settle(settlements);
    },
  };
}

/** Of those that are still held by their own delivery. */
async function expiredJobs(live: Broker, settlements: readonly Settlement[]): Promise<Job[]> {
  const entries = await live.get(settlements);
  const deleteAt = new Date(Date.now() + defaults.keepFailures);
  return settlements.flatMap(({ token, outcome }, i) => {
    const entry = entries[i];
    if (entry?.token !== token || !("error" in outcome)) return [];
    return [{ ...endedJob(entry, "expired"), startedAt: undefined, deleteAt, error: outcome.error }];
  });
}
