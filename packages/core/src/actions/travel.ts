import type { Job } from "../model/job.js";
import type { Broker } from "../ports/broker.js";
import { type Departure, isDeparture } from "../ports/moves.js";
import type { ActionAnswer } from "./action-options.js";

/** A job under way, and the place of its answer. */
export interface Traveller {
  readonly place: number;
  readonly departure: Departure;
  /** As it is to be in its new queue. */
  readonly job: Job;
}

/** Jobs that departed together. */
export interface Party {
  readonly from: Broker;
  readonly to: Broker;
  readonly travellers: readonly Traveller[];
  /** Milliseconds for which they are parked. */
  readonly parkedFor: number;
  /** What became of each; nothing, as long as it is open. */
  readonly answers: (ActionAnswer | undefined)[];
  /** Whether so many milliseconds are not over yet since they were asked to depart. */
  readonly isInTime: (ms: number) => boolean;
  /** Whether all departures hold, so that no other mover has one of these jobs. */
  readonly holds: () => boolean;
}

/** The steps that follow `depart`. What is not through when a departure holds no more stays without an answer. */
export async function travel(party: Party): Promise<void> {
  const { from, to, answers, holds, isInTime, parkedFor } = party;
  if (!holds()) return from.stay(departuresOf(party.travellers));
  const received = await receiveAll(party);
  if (received.length === 0 || !holds()) return;
  const left = await from.leave(departuresOf(received));
  // Of those that did not leave, the copies may be another mover's as soon as nothing holds them.
  const areOurs = holds();
  received.forEach(({ place }, i) => {
    if (areOurs || left[i] === "done") answers[place] = left[i] ?? "missing";
  });
  const gone = received.filter(({ place }) => answers[place] === "done");
  const kept = received.filter(({ place }) => answers[place] !== "done");
  if (areOurs && kept.length > 0) await dropCopies(to, kept);
  // Later they have come due by themselves, and are what has become of them since.
  if (gone.length > 0 && isInTime(parkedFor)) await to.arrive(gone.map(({ job }) => job));
}

/** Those that are there now; the others stay where they were. */
async function receiveAll(party: Party): Promise<readonly Traveller[]> {
  const { from, to, travellers, answers, parkedFor } = party;
  const jobs = travellers.map(({ job }) => job);
  const received = await to.receive(jobs, parkedFor).catch(async (error: unknown) => {
    await from.stay(departuresOf(travellers)).catch(() => undefined);
    throw error;
  });
  const refused = travellers.filter((_, i) => received[i] !== "done");
  travellers.forEach(({ place }, i) => {
    if (received[i] !== "done") answers[place] = received[i] ?? "invalid";
  });
  if (refused.length > 0) await from.stay(departuresOf(refused));
  return travellers.filter((_, i) => received[i] === "done");
}

/** Their originals run, or were changed: what is parked goes. */
async function dropCopies(to: Broker, travellers: readonly Traveller[]): Promise<void> {
  await to.leave((await to.depart(travellers.map(({ job }) => job))).filter(isDeparture));
}

function departuresOf(travellers: readonly Traveller[]): Departure[] {
  return travellers.map(({ departure }) => departure);
}
