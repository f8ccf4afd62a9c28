import {
  type ChangeAnswer,
  type DepartAnswer,
  type Departing,
  type Departure,
  isDeparture,
  isFinal,
  type Job,
  type JobRef,
  type JobStore,
  type ReceiveAnswer,
  type Token,
} from "@tandemq/core";
import { isOver, mergeJob } from "../merge-job.js";
import { answerSome, placesOf } from "../pick.js";
import { departDead, leaveDead } from "./bury.js";
import type { RawContext } from "./context.js";

export function depart(
  context: RawContext,
  refs: readonly JobRef[],
  which?: Departing,
  mover?: Token,
): Promise<DepartAnswer[]> {
  return which === "final" ? departDead(context, refs) : departWaiting(context, refs, mover);
}

export async function leave(context: RawContext, departures: readonly Departure[]): Promise<ChangeAnswer[]> {
  return areDead(departures) ? leaveDead(context, departures) : leaveWaiting(context, departures);
}

export function stay({ live, store }: RawContext, departures: readonly Departure[]): Promise<void> {
  return areDead(departures) ? store.stay(departures) : live.stay(departures);
}

/** Those that departed together are all alike. */
function areDead([first]: readonly Departure[]): boolean {
  return first !== undefined && isFinal(first.job.status);
}

/**
 * Entries are held, so that no claim goes without a look for a document from here on: a broker that keeps its jobs where
 * the documents are makes them its own. What is over by its document stays, for the next claim to find.
 */
async function departWaiting(
  { live, store }: RawContext,
  refs: readonly JobRef[],
  mover?: Token,
): Promise<DepartAnswer[]> {
  const departed = await live.depart(refs, "waiting", mover);
  const documents = await store.get(refs.map(({ id }) => id));
  const answers = departed.map((answer, i) => departureOf(answer, documents[i]));
  const ended = departed.flatMap((one, i) => (isDeparture(one) && answers[i] === "final" ? [one] : []));
  if (ended.length > 0) await live.stay(ended);
  return answers;
}

function departureOf(answer: DepartAnswer, document: Job | undefined): DepartAnswer {
  if (!isDeparture(answer)) return answer === "missing" && document && isFinal(document.status) ? "final" : answer;
  const { job } = answer;
  return isOver(document, job.generation) ? "final" : { ...answer, job: mergeJob(job, document) ?? job };
}

/**
 * The documents are withdrawn first, so that a claim after a death finds this life over; then the entries go, and then the
 * documents.
 */
async function leaveWaiting({ live, store }: RawContext, departures: readonly Departure[]): Promise<ChangeAnswer[]> {
  if (departures.length === 0) return [];
  const withdrawn = await store.withdraw(departures.map(({ job }) => job));
  const answers: (ChangeAnswer | undefined)[] = [...withdrawn];
  const going = placesOf(withdrawn, (answer) => answer === "done" || answer === "missing");
  await answerSome(answers, departures, going, (some) => live.leave(some));
  const lost = going.filter((place) => answers[place] !== "done");
  const gone = placesOf(withdrawn, (answer, place) => answer === "done" && !lost.includes(place));
  if (gone.length > 0) await store.forget(gone.map((place) => departures[place]!.job.id));
  await answerSome(answers, departures, lost, (some) => lapsed(store, some));
  return answers.map((answer, place) => (lost.includes(place) && withdrawn[place] === "done" ? "done" : answer!));
}

/**
 * Of jobs that were claimed since their hold lapsed: whoever claimed them looks for the document, and runs nothing where
 * that is another broker's. (Nor where it was withdrawn, which is why that stays.)
 */
async function lapsed(store: JobStore, departures: readonly Departure[]): Promise<ChangeAnswer[]> {
  const elsewhere = await store.isElsewhere(departures.map(({ job }) => job.id));
  return elsewhere.map((isElsewhere) => (isElsewhere ? "done" : "started"));
}

/** The entries come first: a document alone would be taken for that of a job whose entry was lost. */
export async function receive(
  context: RawContext,
  jobs: readonly Job[],
  parkedFor: number,
  mover?: Token,
): Promise<ReceiveAnswer[]> {
  const answers = await context.live.receive(jobs, parkedFor, mover);
  await recordBegun(
    context,
    jobs.filter((_, i) => answers[i] === "done"),
  );
  return answers;
}

/**
 * By now the document of the old broker is gone, where it was in the way. Where the entry is gone, too, somebody moved or
 * removed the job meanwhile, and a document would wait for ever.
 */
export async function arrive(context: RawContext, jobs: readonly Job[]): Promise<void> {
  const entries = await context.live.get(jobs);
  await recordBegun(
    context,
    jobs.filter((_, i) => entries[i] !== undefined),
  );
  await context.live.arrive(jobs);
}

/** Those that bring a history have it in their documents before a start can make new ones. */
async function recordBegun({ store }: RawContext, jobs: readonly Job[]): Promise<void> {
  const begun = jobs.filter(({ history }) => history.length > 0);
  if (begun.length > 0) await store.recordWaiting(begun);
}
