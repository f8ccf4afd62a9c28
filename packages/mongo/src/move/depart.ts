import type { DepartAnswer, JobRef } from "@tandemq/core";
import { changeAll, newMark, targets } from "../change/change.js";
import type { Connection } from "../connection/connection.js";
import { jobOf } from "../documents/decode.js";
import { isWaiting, ofBroker } from "../documents/filters.js";
import type { Stored } from "../documents/job-document.js";
import { set } from "../documents/updates.js";

/** Marks waiting jobs and reads them whole. The token of a departure is the revision that it was read at. */
export async function depart(connection: Connection, refs: readonly JobRef[]): Promise<DepartAnswer[]> {
  const mark = newMark();
  const marked = await changeAll(connection, refs, isWaiting, (change) => [set({ change })], mark);
  const departing = refs.filter((_, i) => marked[i] === "done");
  const found = departing.length === 0 ? [] : await read(connection, departing, mark);
  const departures = new Map(found.map((stored) => [String(stored._id), departureOf(stored)]));
  return refs.map(({ id }, i) => {
    const answer = marked[i];
    if (answer === "started" || answer === "final") return answer;
    return (answer === "done" && departures.get(id)) || "missing";
  });
}

/** What was changed or claimed since the mark was set is not as it departed: it is left to the next who asks. */
function read({ jobs }: Connection, refs: readonly JobRef[], mark: string): Promise<Stored[]> {
  const ids = targets(refs).map(({ _id }) => _id);
  return jobs.find<Stored>({ _id: { $in: ids }, change: mark, ...isWaiting, ...ofBroker }).toArray();
}

function departureOf(stored: Stored): Exclude<DepartAnswer, string> {
  const job = jobOf(stored);
  const due = parkedDue(stored);
  return { job: due ? { ...job, due } : job, token: String(stored.rev) };
}

/** The own due time of a job that is parked still. */
function parkedDue({ due, parked }: Stored): Date | undefined {
  const { until, due: own } = (parked ?? {}) as { until?: unknown; due?: unknown };
  const isParked = due instanceof Date && until instanceof Date && until.getTime() === due.getTime();
  return isParked && own instanceof Date ? own : undefined;
}
