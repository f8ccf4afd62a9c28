import type { Job, JobRef, Token } from "../model/job.js";
import { isFinal } from "../model/status.js";
import type { ChangeAnswer, JobChange } from "../ports/broker.js";
import type { DepartAnswer, Departing, Departure, ReceiveAnswer } from "../ports/moves.js";
import { heldKey } from "../rules/held-key.js";
import { lineTime } from "../rules/line-time.js";
import { standingOf } from "./change.js";
import type { Entry } from "./entry.js";
import type { MemoryStore } from "./memory-store.js";
import { departureHolds } from "./departures.js";
import { placeOf } from "./place.js";

export function depart(store: MemoryStore, ref: JobRef, which: Departing, mover?: Token): DepartAnswer {
  const entry = store.entry(ref);
  const standing = standingOf(entry);
  if (!entry || standing !== which) return standing as DepartAnswer;
  const token = store.departures.begin(entry.job, store.now(), mover);
  return token === undefined ? "started" : { job: unparked(entry), token, heldFor: departureHolds };
}

/** Whether a mover has the job that it has only just brought, or that is to change its queue. */
export function isMoving(store: MemoryStore, { job, parked }: Entry, change: JobChange = {}): boolean {
  const mayStay = change.queue === undefined && parked?.until !== job.due;
  return !mayStay && store.departures.isHeld(job.id, store.now());
}

/** One that changes its queue while it is parked, after its mover's death, has arrived. */
export function landed(entry: Entry, change: JobChange): Entry {
  if (change.queue !== undefined) entry.job = unparked(entry);
  return entry;
}

/** With its own due time. */
function unparked({ job, parked }: Entry): Job {
  return parked && parked.until === job.due ? { ...job, due: parked.due } : job;
}

export function leave(store: MemoryStore, { job, token }: Departure): ChangeAnswer {
  const entry = store.entry(job);
  if (!entry || !store.departures.isAsDeparted(token, entry.job)) return standingOf(entry);
  store.departures.end(job.id, token);
  store.delete(entry);
  return "done";
}

export function receive(store: MemoryStore, job: Job, parkedFor: number, mover?: Token): ReceiveAnswer {
  const answer = takeIn(store, job, parkedFor, mover);
  if (answer === "done" && mover !== undefined) store.departures.hold(job.id, store.now(), mover);
  return answer;
}

function takeIn(store: MemoryStore, job: Job, parkedFor: number, mover?: Token): ReceiveAnswer {
  const known = store.entryOf(job.id);
  if (known && !isFormer(known, job)) {
    if (known.job.queue !== job.queue) return "invalid";
    if (mover !== undefined && store.departures.isHeld(job.id, store.now(), mover)) return "started";
    known.job = { ...known.job };
    return "done";
  }
  const key = heldKey(job);
  const taker = store.owner(job.queue, key)?.job.id ?? store.keeper(job.queue, key);
  if (taker !== undefined && taker !== job.id) return "keyTaken";
  if (known) store.delete(known);
  store.add(parked(store, job, parkedFor));
  if (key) store.takeKey(job);
  return "done";
}

/** What is left of an earlier life. */
function isFormer({ job }: Entry, { generation }: Job): boolean {
  return isFinal(job.status) && job.generation < generation;
}

function parked(store: MemoryStore, job: Job, parkedFor: number): Entry {
  const shape = store.shapeOf(job.queue);
  const now = store.now();
  const arrival = store.next();
  const until = new Date(now + parkedFor);
  const { lapsed: _lapsed, limited: _limited, token: _token, worker: _worker, ...kept } = job;
  return {
    job: { ...kept, due: until },
    parked: { until, due: job.due ?? new Date(now) },
    params: JSON.stringify(job.params),
    place: placeOf(shape, job, lineTime(job)),
    arrival: shape.order === "lifo" ? -arrival : arrival,
  };
}

export function arrive(store: MemoryStore, job: Job): void {
  const entry = store.entry(job);
  if (!entry || standingOf(entry) !== "waiting") return;
  entry.job = { ...entry.job, due: job.due ?? new Date(store.now()) };
  store.departures.end(job.id);
}
