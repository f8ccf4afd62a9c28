import { setTimeout as pause } from "node:timers/promises";
import { type EnqueueAnswer, isFinal, type NewJob } from "@tandemq/core";
import type { RawContext } from "./context.js";

/** How often, and how many milliseconds apart, a key is asked for again whose job is over. */
const tries = 50;
const apart = 10;

/**
 * Adds jobs. A job is over when its document says so, a moment before its entry leaves the line and frees its key: who
 * has seen the end and enqueues again must get a new job, so a key that such a job still holds is asked for again.
 */
export async function enqueue(context: RawContext, jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
  const answers = await context.live.enqueue(jobs);
  for (let i = 0; i < tries; i++) {
    const places = await heldByFinished(context, jobs, answers);
    if (places.length === 0) break;
    await pause(apart);
    const again = await context.live.enqueue(places.map((place) => jobs[place] as NewJob));
    places.forEach((place, n) => {
      answers[place] = again[n] as EnqueueAnswer;
    });
  }
  return answers;
}

/**
 * Places of the answers that name a living job which is over by its document. One that was changed did wait: if it is
 * over by now, it ran as it was asked to, and another would be a second job.
 */
async function heldByFinished(
  { store, shapeOf }: RawContext,
  jobs: readonly NewJob[],
  answers: readonly EnqueueAnswer[],
): Promise<number[]> {
  // The entry of a timed queue outlives its runs: an enqueue during one is not lost.
  const isTimed = (place: number) => shapeOf(jobs[place]?.queue ?? "").kind === "timed";
  const taken = answers.flatMap((answer, place) =>
    answer.state === "enqueued" && !answer.created && !answer.change && !isTimed(place)
      ? [{ place, id: answer.id }]
      : [],
  );
  if (taken.length === 0) return [];
  const documents = await store.get(taken.map(({ id }) => id));
  return taken.filter((_, i) => isFinal(documents[i]?.status ?? "queued")).map(({ place }) => place);
}
