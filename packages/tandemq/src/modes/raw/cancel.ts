import { setTimeout as pause } from "node:timers/promises";
import { type ChangeAnswer, type HoldAnswer, isFinal, type Job, type JobRef, type Settlement } from "@tandemq/core";
import { endedJob } from "../merge-job.js";
import { answerSome, placesOf } from "../pick.js";
import type { RawContext } from "./context.js";
import { over } from "./over.js";
import { look } from "./standing.js";

/** How often, and how many milliseconds apart, a job is asked for again that somebody else is about to end. */
const tries = 50;
const apart = 10;

/** Cancels waiting jobs: the document says so first, then the entry goes. */
export async function cancel(context: RawContext, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const { jobs, answers } = await look(context, refs);
  const waiting = placesOf(answers, (answer) => answer === "waiting");
  await answerSome(answers, jobs, waiting, (some) => cancelWaiting(context, some as Job[]));
  return answers;
}

/**
 * A claim need not look for a document, so that the entries are held until the documents are there. After a death in between
 * the next claim looks. What has started, or is on its way from another broker, is left alone.
 */
export async function cancelWaiting(context: RawContext, jobs: readonly Job[]): Promise<ChangeAnswer[]> {
  const holds = await holdAll(context, jobs);
  const answers: (ChangeAnswer | undefined)[] = holds.map(answerOf);
  const held = placesOf(holds, (hold) => typeof hold === "object");
  const tokens = new Map(held.map((place) => [jobs[place], (holds[place] as { token: string }).token]));
  await answerSome(answers, jobs, held, (some) => endHeld(context, some, (job) => tokens.get(job) ?? ""));
  return answers.map((answer) => answer ?? "missing");
}

async function holdAll({ live }: RawContext, jobs: readonly Job[]): Promise<HoldAnswer[]> {
  const holds = await live.hold(jobs);
  for (let i = 0; i < tries && holds.includes("held"); i++) {
    await pause(apart);
    const open = placesOf(holds, (hold) => hold === "held");
    const again = await live.hold(open.map((place) => jobs[place] as Job));
    open.forEach((place, n) => {
      holds[place] = again[n] as HoldAnswer;
    });
  }
  return holds;
}

/** An entry that went since it was seen was ended by somebody else, or has run. */
function answerOf(hold: HoldAnswer): ChangeAnswer | undefined {
  if (typeof hold === "object") return undefined;
  return hold === "held" ? "started" : hold === "missing" ? "final" : hold;
}

async function endHeld(
  { live, store }: RawContext,
  jobs: readonly Job[],
  tokenOf: (job: Job) => string,
): Promise<ChangeAnswer[]> {
  const stay = (some: readonly Job[]) => live.stay(some.map((job) => ({ job, token: tokenOf(job), heldFor: 0 })));
  try {
    await store.record(jobs.map((job) => endedJob(job, "cancel")));
    const documents = await store.get(jobs.map(({ id }) => id));
    const areOver = documents.map((document) => document !== undefined && isFinal(document.status));
    await live.settle(jobs.filter((_, i) => areOver[i]).map((job) => removal(job, tokenOf(job))));
    // A document of a regular job, or none, is not for this mode to end.
    await stay(jobs.filter((_, i) => !areOver[i]));
    return documents.map((document) => (document?.status === "cancel" ? "done" : "final"));
  } catch (error) {
    await stay(jobs).catch(() => undefined);
    throw error;
  }
}

function removal({ id, queue }: Job, token: string): Settlement {
  return { id, queue, token, outcome: over(undefined) };
}
