import type { Routes } from "../client/routes.js";
import type { Job, JobRef } from "../model/job.js";
import { isFinal } from "../model/status.js";
import type { Broker } from "../ports/broker.js";
import type { ActionFilter, ActionRefusal } from "./action-options.js";
import { type Begins, within } from "./find-refs.js";

/**
 * Why jobs that were found are left alone, in their order; nothing of those that still are what the filter asks for, in
 * the life that they had when the action began. Of very many jobs, or at a low rate, that is long ago.
 */
export async function changesSince(
  routes: Routes,
  filter: ActionFilter,
  begins: Begins,
  refs: readonly JobRef[],
): Promise<(ActionRefusal | undefined)[]> {
  const standing = await routes.change(refs, (broker, some) => stillThere(broker, filter, begins.get(broker), some));
  const others = refs.filter((_, i) => standing[i] !== "there");
  const jobs = (others.length === 0 ? [] : await routes.get(others)).values();
  return standing.map((answer) => (answer === "there" ? undefined : refusalOf(jobs.next().value, filter)));
}

async function stillThere(
  broker: Broker,
  filter: ActionFilter,
  began: number | undefined,
  refs: readonly JobRef[],
): Promise<("there" | "missing")[]> {
  const queues = new Set(refs.map(({ queue }) => queue));
  const found = [...queues].map((queue) => {
    const ids = refs.filter((ref) => ref.queue === queue).map(({ id }) => id);
    return broker.select({ ...within(filter, queue, began), ids });
  });
  const there = new Set((await Promise.all(found)).flat().map(({ id }) => id));
  return refs.map(({ id }) => (there.has(id) ? "there" : "missing"));
}

function refusalOf(job: Job | undefined, { status }: ActionFilter): ActionRefusal {
  if (!job) return "missing";
  if (status?.includes(job.status)) return "changed";
  if (isFinal(job.status)) return "final";
  return job.status === "started" ? "started" : "waiting";
}
