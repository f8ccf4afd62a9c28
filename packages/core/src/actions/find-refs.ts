import type { Routes } from "../client/routes.js";
import type { JobRef } from "../model/job.js";
import type { Broker, TimeRange } from "../ports/broker.js";
import type { ActionFilter } from "./action-options.js";

/**
 * Where the jobs are that match and were queued before the question, by the clock of the store they wait in; of all
 * queues unless the filter names one, or a tree.
 */
export async function findRefs(
  routes: Routes,
  filter: ActionFilter,
  max: number,
): Promise<{ refs: JobRef[]; capped: boolean }> {
  const queues = await routes.lookAt(filter.queue);
  const begins = await clocks(queues.map(({ broker }) => broker));
  const refs: JobRef[] = [];
  for (const { queue, broker } of queues) {
    const queued = until(filter.queued, begins.get(broker) ?? 0);
    refs.push(...(await broker.select({ ...filter, queue, queued, limit: max + 1 - refs.length })));
    if (refs.length > max) return { refs: refs.slice(0, max), capped: true };
  }
  return { refs, capped: false };
}

async function clocks(brokers: readonly Broker[]): Promise<Map<Broker, number>> {
  const times = new Map<Broker, number>();
  await Promise.all([...new Set(brokers)].map(async (broker) => times.set(broker, await broker.now())));
  return times;
}

function until({ from, to }: TimeRange = {}, now: number): TimeRange {
  return { ...(from ? { from } : {}), to: new Date(Math.min(now, to?.getTime() ?? now)) };
}
