import type { ChangeAnswer, DepartAnswer, Departing, JobRef, Token } from "@tandemq/core";
import { changeAll, newMark, targets } from "../change/change.js";
import type { Connection } from "../connection/connection.js";
import { jobOf } from "../documents/decode.js";
import { isFinal, isWaiting, type JobFilterDocument, ofBroker } from "../documents/filters.js";
import type { Stored } from "../documents/job-document.js";
import { set } from "../documents/updates.js";
import { heldBy, heldFor, isFreeFor } from "./hold.js";

export interface DepartOptions {
  readonly which?: Departing | undefined;
  /** Who has brought the jobs, if they are to go again. */
  readonly mover?: Token | undefined;
  /** Whose documents: a broker's, or a job store's. */
  readonly home?: JobFilterDocument;
}

/**
 * Marks jobs and reads them whole. The token of a departure is the revision that it was read at, and the mark of its mover.
 */
export async function depart(
  connection: Connection,
  refs: readonly JobRef[],
  { which = "waiting", mover, home = ofBroker }: DepartOptions = {},
): Promise<DepartAnswer[]> {
  const mark = newMark();
  const these = { ...(which === "final" ? isFinal : isWaiting), ...home };
  const update = (change: string) => [set({ change, ...heldBy(change) })];
  const marked = await changeAll(connection, refs, { ...these, ...isFreeFor(mover) }, update, mark, home);
  const departing = refs.filter((_, i) => marked[i] === "done");
  const found = departing.length === 0 ? [] : await read(connection, departing, { ...these, change: mark });
  const departures = new Map(found.map((stored) => [String(stored._id), departureOf(stored, mark)]));
  return refs.map(({ id }, i) => departures.get(id) ?? standingOf(marked[i], which));
}

/** One that is as it should be, and did not depart, is another mover's. */
function standingOf(marked: ChangeAnswer | undefined, which: Departing): DepartAnswer {
  if (marked === which) return "started";
  return marked === "started" || marked === "waiting" || marked === "final" ? marked : "missing";
}

/** What was changed or claimed since the mark was set is not as it departed: it is left to the next who asks. */
function read({ jobs }: Connection, refs: readonly JobRef[], asDeparted: JobFilterDocument): Promise<Stored[]> {
  const ids = targets(refs).map(({ _id }) => _id);
  return jobs.find<Stored>({ _id: { $in: ids }, ...asDeparted }).toArray();
}

function departureOf(stored: Stored, mark: string): Exclude<DepartAnswer, string> {
  const job = jobOf(stored);
  const due = parkedDue(stored);
  return { job: due ? { ...job, due } : job, token: `${String(stored.rev)} ${mark}`, heldFor };
}

/** The own due time of a job that is parked still. */
function parkedDue({ due, parked }: Stored): Date | undefined {
  const { until, due: own } = (parked ?? {}) as { until?: unknown; due?: unknown };
  const isParked = due instanceof Date && until instanceof Date && until.getTime() === due.getTime();
  return isParked && own instanceof Date ? own : undefined;
}
