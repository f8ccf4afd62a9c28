import type { Job, JobRef } from "../model/job.js";
import type { Broker } from "../ports/broker.js";
import { type Departure, isDeparture } from "../ports/moves.js";
import type { ActionAnswer } from "./action-options.js";

/** So long a received job waits for its original to be gone, ms: whoever dies in between leaves it to come due by itself. */
export const parked = 600_000;

export interface Destination {
  readonly broker: Broker;
  readonly queue: string;
}

export interface HandOverOptions {
  /** The job as it is to be in its new queue. */
  readonly as?: (job: Job) => Job;
  /** Milliseconds after which a job comes due that was received and whose mover died. Default: ten minutes. */
  readonly parkedFor?: number;
}

/** A job under way, and the place of its answer. */
interface Traveller {
  readonly place: number;
  readonly departure: Departure;
  /** As it is to be in its new queue. */
  readonly job: Job;
}

/**
 * Moves waiting jobs to another broker, where they are the same jobs: see `Moves`. A claim in between wins, and its job
 * stays. One whose unique key is another's there stays, too.
 */
export async function handOver(
  from: Broker,
  to: Destination,
  refs: readonly JobRef[],
  { as = (job) => job, parkedFor = parked }: HandOverOptions = {},
): Promise<ActionAnswer[]> {
  const departed = await from.depart(refs);
  const answers: ActionAnswer[] = departed.map((answer) => (isDeparture(answer) ? "invalid" : answer));
  const travellers = departed.flatMap((departure, place): Traveller[] =>
    isDeparture(departure) ? [{ place, departure, job: { ...as(departure.job), queue: to.queue } }] : [],
  );
  if (travellers.length === 0) return answers;
  const received = await receiveAll(from, to.broker, travellers, answers, parkedFor);
  const left = await from.leave(received.map(({ departure }) => departure));
  received.forEach(({ place }, i) => {
    answers[place] = left[i] ?? "missing";
  });
  await dropCopies(
    to.broker,
    received.filter(({ place }) => answers[place] !== "done"),
  );
  await to.broker.arrive(received.filter(({ place }) => answers[place] === "done").map(({ job }) => job));
  return answers;
}

/** Those that are there now; the others stay where they were. */
async function receiveAll(
  from: Broker,
  to: Broker,
  travellers: readonly Traveller[],
  answers: ActionAnswer[],
  parkedFor: number,
): Promise<readonly Traveller[]> {
  const stay = (some: readonly Traveller[]) => from.stay(some.map(({ departure }) => departure));
  try {
    const received = await to.receive(
      travellers.map(({ job }) => job),
      parkedFor,
    );
    travellers.forEach(({ place }, i) => {
      answers[place] = received[i] ?? "invalid";
    });
  } catch (error) {
    await stay(travellers).catch(() => undefined);
    throw error;
  }
  const refused = travellers.filter(({ place }) => answers[place] !== "done");
  if (refused.length > 0) await stay(refused);
  return travellers.filter(({ place }) => answers[place] === "done");
}

/** Their originals run, or were changed: what is parked goes. */
async function dropCopies(to: Broker, travellers: readonly Traveller[]): Promise<void> {
  if (travellers.length === 0) return;
  await to.leave((await to.depart(travellers.map(({ job }) => job))).filter(isDeparture));
}
