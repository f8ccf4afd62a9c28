import { type ChangeAnswer, type Job, type JobChange, type JobRef } from "@tandemq/core";
import { holdDead } from "../hold-dead.js";
import { endedJob } from "../merge-job.js";
import { revive } from "../next-life.js";
import { answerSome, placesOf } from "../pick.js";
import { cancelWaiting } from "./cancel.js";
import type { RawContext } from "./context.js";
import { look } from "./standing.js";
import { removeLeftovers, takeAny, takeOwn } from "./remove-entries.js";

/**
 * Begins the next life of jobs that are over: the entry is in line before the document says so. What an earlier life
 * left in line is removed first, or the new entry would be taken for it.
 */
export async function requeue(context: RawContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const { answers } = await look(context, refs);
  const over = placesOf(answers, (answer) => answer === "final");
  const requeueFinal = (some: JobRef[]) => holdDead(context.store, some, (dead) => requeueHeld(context, dead));
  await answerSome(answers, refs, over, requeueFinal);
  return answers;
}

async function requeueHeld(context: RawContext, jobs: readonly Job[]): Promise<ChangeAnswer[]> {
  const free = await removeLeftovers(context, jobs, takeAny);
  const answers: (ChangeAnswer | undefined)[] = free.map((isFree) => (isFree ? undefined : "started"));
  await answerSome(answers, jobs, placesOf(free, Boolean), async (some) => {
    const revived = await revive(context.live, some);
    const reborn = some.filter((_, i) => revived[i] === "done");
    await context.store.recordRequeue(reborn.map(({ id, generation }) => ({ id, generation: generation + 1 })));
    return revived;
  });
  return answers.map((answer) => answer ?? "final");
}

/** Deletes jobs that are not started. One that waits for another run is cancelled first, so that no half of it stays. */
export async function remove(context: RawContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const { entries, jobs, answers } = await look(context, refs);
  const seen = placesOf(jobs, (job, i) => answers[i] === "waiting" && job !== entries[i]);
  const fresh = placesOf(jobs, (job, i) => answers[i] === "waiting" && job === entries[i]);
  const over = placesOf(answers, (answer) => answer === "final");
  await answerSome(answers, refs, fresh, (some) => context.live.remove(some));
  await answerSome(answers, jobs, seen, (some) => cancelWaiting(context, some as Job[]));
  const cancelled = seen.filter((place) => answers[place] === "done");
  await answerSome(answers, jobs, over, (some) => removeFinal(context, some as Job[]));
  await answerSome(answers, jobs, cancelled, (some) =>
    removeFinal(
      context,
      some.map((job) => endedJob(job as Job, "cancel")),
    ),
  );
  return answers;
}

async function removeFinal(context: RawContext, jobs: readonly Job[]): Promise<ChangeAnswer[]> {
  const free = await removeLeftovers(context, jobs, takeOwn);
  const answers: (ChangeAnswer | undefined)[] = free.map((isFree) => (isFree ? undefined : "started"));
  await answerSome(answers, jobs, placesOf(free, Boolean), (some) => context.store.remove(some.map(({ id }) => id)));
  return answers.map((answer) => answer ?? "missing");
}

/** Changes waiting jobs. An entry is what the next claim hands out; the document follows with the next start. */
export async function edit(context: RawContext, refs: readonly JobRef[], change: JobChange): Promise<ChangeAnswer[]> {
  const { answers } = await look(context, refs);
  const waiting = placesOf(answers, (answer) => answer === "waiting");
  await answerSome(answers, refs, waiting, (some) => context.live.edit(some, change));
  return answers;
}
