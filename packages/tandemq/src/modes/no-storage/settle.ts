import { defaults, endsJob, isSuccess, type Job, type SettleAnswer, type Settlement } from "@tandemq/core";
import { endedJob } from "../merge-job.js";
import { allDone, answerSome, placesOf } from "../pick.js";
import type { NoStorageContext } from "./context.js";
import type { FailureHome } from "./failure-home.js";

const lost: SettleAnswer = { state: "lost" };

/** Ends deliveries: a success vanishes unless it is to be stored; what is stored is so before it leaves the queue. */
export async function settle(context: NoStorageContext, settlements: readonly Settlement[]): Promise<SettleAnswer[]> {
  const { failures, keeping, live } = context;
  if (!failures) return keeping.settle(settlements);
  const isStored = ({ queue, outcome }: Settlement) => endsJob(outcome) && context.isStored(queue, outcome.status);
  if (!settlements.some(isStored)) return live.settle(settlements);
  const answers: (SettleAnswer | undefined)[] = settlements.map(() => undefined);
  const stored = placesOf(settlements, isStored);
  const others = placesOf(settlements, (settlement) => !isStored(settlement));
  await allDone([
    answerSome(answers, settlements, others, (some) => live.settle(some)),
    answerSome(answers, settlements, stored, (some) => settleStored(context, failures, some)),
  ]);
  return answers.map((answer) => answer ?? lost);
}

async function settleStored(
  { live, keeping }: NoStorageContext,
  failures: FailureHome,
  settlements: readonly Settlement[],
): Promise<SettleAnswer[]> {
  const entries = await live.get(settlements);
  // Whose delivery is not the holder's has nothing to keep; the queue tells it so.
  const held = settlements.flatMap((settlement, i) => {
    const entry = entries[i];
    return entry?.status === "started" && entry.token === settlement.token ? [endedBy(entry, settlement)] : [];
  });
  const kept = held.length === 0 || (await failures.keep(held));
  return (kept ? live : keeping).settle(settlements);
}

function endedBy(entry: Job, { outcome, keep = defaults.keepFailures }: Settlement): Job {
  return {
    ...endedJob(entry, outcome.status),
    ...(outcome.status === "expired" ? { startedAt: undefined } : { attempt: entry.attempt + 1 }),
    deleteAt: new Date(Date.now() + keep),
    ...("error" in outcome && outcome.error ? { error: outcome.error } : {}),
    ...(isSuccess(outcome) ? { result: outcome.result, error: undefined } : {}),
  };
}
