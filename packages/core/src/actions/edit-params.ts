import { isKeyed, isKnownByParams } from "../client/fit-queue.js";
import type { Routes } from "../client/routes.js";
import type { JobRef } from "../model/job.js";
import type { Broker, JobChange } from "../ports/broker.js";
import type { ActionAnswer } from "./action-options.js";

/** Gives jobs other params, except those that are known by them: with others they would be other jobs. */
export async function editParams(
  routes: Routes,
  broker: Broker,
  refs: readonly JobRef[],
  change: JobChange,
): Promise<readonly ActionAnswer[]> {
  const known = await knownByParams(routes, broker, refs);
  const others = refs.filter((ref) => !known.has(ref));
  const answers = (others.length === 0 ? [] : await broker.edit(others, change)).values();
  return refs.map((ref) => (known.has(ref) ? "knownByParams" : (answers.next().value ?? "missing")));
}

async function knownByParams(routes: Routes, broker: Broker, refs: readonly JobRef[]): Promise<ReadonlySet<JobRef>> {
  const keyed = new Set<string>();
  for (const queue of new Set(refs.map((ref) => ref.queue)))
    if (isKeyed((await routes.look(queue)).kind)) keyed.add(queue);
  const asked = refs.filter(({ queue }) => keyed.has(queue));
  const jobs = asked.length === 0 ? [] : await broker.get(asked);
  return new Set(
    asked.filter((_, i) => {
      const job = jobs[i];
      return job !== undefined && isKnownByParams(job);
    }),
  );
}
