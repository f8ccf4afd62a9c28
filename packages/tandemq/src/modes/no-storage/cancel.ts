import { type ChangeAnswer, defaults, type Departure, isDeparture, type Job, type JobRef } from "@tandemq/core";
import { endedJob } from "../merge-job.js";
import { orFinal } from "./change.js";
import type { NoStorageContext } from "./context.js";
import type { FailureHome } from "./failure-home.js";

/** Jobs that are on their way to the store at a time: the queue's own list of what it keeps is bounded. */
const most = 500;

/** Cancels waiting jobs. The queue itself keeps them first, in one step; then they go to where failures live. */
export async function cancel(context: NoStorageContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const answers: ChangeAnswer[] = [];
  for (let i = 0; i < refs.length; i += most) answers.push(...(await cancelSome(context, refs.slice(i, i + most))));
  return orFinal(context, refs, answers);
}

async function cancelSome({ keeping, failures }: NoStorageContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const before = failures ? await keeping.get(refs) : [];
  const answers = await keeping.cancel(refs);
  const cancelled = before.filter((job, i) => job !== undefined && answers[i] === "done") as Job[];
  if (failures && cancelled.length > 0) await takeHome(keeping, failures, cancelled);
  return answers;
}

/**
 * A job that is requeued meanwhile must not leave a document of the life that it had: once it is in another queue, it
 * could be requeued again by that. One that is missing was too many for the queue's list.
 */
async function takeHome(
  keeping: NoStorageContext["keeping"],
  failures: FailureHome,
  cancelled: readonly Job[],
): Promise<void> {
  const held = await keeping.depart(cancelled, "final");
  const departures = held.filter(isDeparture);
  const deleteAt = new Date(Date.now() + defaults.keepFailures);
  const over = cancelled.filter((_, i) => isDeparture(held[i] ?? "missing") || held[i] === "missing");
  if (over.length === 0) return;
  const areThere = await failures.keep(over.map((job) => ({ ...endedJob(job, "cancel"), deleteAt })));
  if (areThere) await leave(keeping, failures, departures);
  // What tells a repeated call that they have left would stay for as long as others are cancelled.
  await keeping.stay(departures);
}

async function leave(
  keeping: NoStorageContext["keeping"],
  failures: FailureHome,
  departures: readonly Departure[],
): Promise<void> {
  const left = await keeping.leave(departures);
  const goOn = departures.filter((_, i) => left[i] !== "done");
  if (goOn.length === 0) return;
  const lives = goOn.map(({ job: { id, generation } }) => ({ id, generation: generation + 1 }));
  await failures.ask((store) => store.removeEarlier(lives));
}
