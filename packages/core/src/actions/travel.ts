import type { Job, Token } from "../model/job.js";
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
  readonly mover: Token;
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
  try {
    await takeSteps(party);
  } catch (error) {
    await letGo(party).catch(() => undefined);
    throw error;
  }
}

async function takeSteps(party: Party): Promise<void> {
  const { from, to, answers, holds, isInTime, parkedFor } = party;
  const received = holds() ? await receiveAll(party) : [];
  // From here on it may be another mover's.
  if (!holds()) return from.stay(departuresOf(party.travellers));
  if (received.length === 0) return;
  const left = await from.leave(departuresOf(received));
  const areOurs = holds();
  received.forEach(({ place }, i) => {
    if (areOurs || left[i] === "done") answers[place] = left[i] ?? "missing";
  });
  const gone = received.filter(({ place }) => answers[place] === "done");
  const kept = received.filter(({ place }) => answers[place] !== "done");
  if (kept.length > 0) await drop(party, kept, areOurs);
  // Later they have come due by themselves, and are what has become of them since.
  if (gone.length > 0 && isInTime(parkedFor)) await to.arrive(gone.map(({ job }) => job));
}

/** Those that are there now; the others stay where they were. */
async function receiveAll({ from, to, travellers, mover, answers, parkedFor }: Party): Promise<readonly Traveller[]> {
  const jobs = travellers.map(({ job }) => job);
  const received = await to.receive(jobs, parkedFor, mover);
  travellers.forEach(({ place }, i) => {
    if (received[i] !== "done") answers[place] = received[i] ?? "invalid";
  });
  const refused = travellers.filter((_, i) => received[i] !== "done");
  if (refused.length > 0) await from.stay(departuresOf(refused));
  return travellers.filter((_, i) => received[i] === "done");
}

/** Their originals run, or were changed: what is parked goes, as long as it is ours, and then others may move them. */
async function drop({ from, to, mover }: Party, travellers: readonly Traveller[], areOurs: boolean): Promise<void> {
  const copies = travellers.map(({ job }) => job);
  if (areOurs) await to.leave((await to.depart(copies, "waiting", mover)).filter(isDeparture));
  await from.stay(departuresOf(travellers));
}

/** A store was away: whoever moves the jobs again need not wait until nothing holds them. */
async function letGo({ from, to, mover, travellers }: Party): Promise<void> {
  const copies = travellers.map(({ job }) => job);
  await from.stay(departuresOf(travellers)).catch(() => undefined);
  await to.stay((await to.depart(copies, "waiting", mover)).filter(isDeparture));
}

function departuresOf(travellers: readonly Traveller[]): Departure[] {
  return travellers.map(({ departure }) => departure);
}
