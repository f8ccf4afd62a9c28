import { setTimeout as pause } from "node:timers/promises";
import { type Broker, type ChangeAnswer, isFinal, type Job, type JobChange, type JobRef } from "@tandemq/core";
import { holdDead } from "../hold-dead.js";
import { revive } from "../next-life.js";
import { answerSome, placesOf } from "../pick.js";
import type { NoStorageContext } from "./context.js";
import type { FailureHome } from "./failure-home.js";

/** How often, and how many milliseconds apart, a job is asked for again whose end is under way. */
const tries = 50;
const apart = 10;

/** Begins the next life of failed jobs: in line again before the failure is forgotten. The new life may be over by then. */
export async function requeue(context: NoStorageContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const answers = await requeueKept(context, refs);
  const missing = placesOf(answers, (answer) => answer === "missing");
  const documents = await failedDocuments(context, refs, missing);
  const found = placesOf(documents, (document) => document !== undefined);
  const { live, failures } = context;
  if (failures) await answerSome(answers, refs, found, (some) => requeueStored(live, failures, some));
  // Somebody else may have begun the next life between the two looks: it is in line by now.
  const gone = placesOf(answers, (answer) => answer === "missing");
  const now = gone.length === 0 ? [] : await live.get(gone.map((place) => refs[place]!));
  gone.forEach((place, i) => {
    const job = now[i];
    if (job && !isFinal(job.status)) answers[place] = job.status === "started" ? "started" : "waiting";
  });
  return answers;
}

function requeueStored(live: Broker, { store }: FailureHome, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  return holdDead(store, refs, async (jobs) => {
    const revived = await revive(live, jobs);
    const reborn = jobs.filter((_, i) => revived[i] === "done");
    await store.removeEarlier(reborn.map(({ id, generation }) => ({ id, generation: generation + 1 })));
    return revived;
  });
}

/** Asks again for those whose failure is stored already, and whose entry is about to leave the queue. */
async function requeueKept(context: NoStorageContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const answers = await context.keeping.requeue(refs);
  for (let i = 0; i < tries && answers.includes("started"); i++) {
    const documents = await failedDocuments(
      context,
      refs,
      placesOf(answers, (answer) => answer === "started"),
    );
    const ending = placesOf(documents, (document) => document !== undefined);
    if (ending.length === 0) break;
    await pause(apart);
    await answerSome(answers, refs, ending, (some) => context.keeping.requeue(some));
  }
  return answers;
}

export async function remove(context: NoStorageContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const answers = await context.keeping.remove(refs);
  const missing = placesOf(answers, (answer) => answer === "missing");
  const documents = await failedDocuments(context, refs, missing);
  const found = placesOf(documents, (document) => document !== undefined);
  await answerSome<JobRef, ChangeAnswer>(answers, refs, found, async (some) => {
    return (await context.failures?.store.remove(some.map(({ id }) => id))) ?? [];
  });
  return answers;
}

export async function edit(
  context: NoStorageContext,
  refs: readonly JobRef[],
  change: JobChange,
): Promise<ChangeAnswer[]> {
  return orFinal(context, refs, await context.keeping.edit(refs, change));
}

/** A job that the queue does not know may have failed before. */
export async function orFinal<A>(
  context: NoStorageContext,
  refs: readonly JobRef[],
  answers: readonly A[],
): Promise<(A | "final")[]> {
  const missing = placesOf(answers, (answer) => answer === "missing");
  const documents = await failedDocuments(context, refs, missing);
  return answers.map((answer, i) => (documents[i] ? "final" : answer));
}

/** The documents of the jobs at these places, each in its place. */
async function failedDocuments(
  { failures }: NoStorageContext,
  refs: readonly JobRef[],
  places: readonly number[],
): Promise<(Job | undefined)[]> {
  const found: (Job | undefined)[] = refs.map(() => undefined);
  if (!failures) return found;
  await answerSome(found, refs, places, (some) => failures.store.get(some.map(({ id }) => id)));
  return found.map((job, i) => (job && isFinal(job.status) && job.queue === refs[i]?.queue ? job : undefined));
}
