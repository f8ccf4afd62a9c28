import type { Routes } from "../client/routes.js";
import type { JobRef } from "../model/job.js";
import type { Broker, JobFilter, TimeRange } from "../ports/broker.js";
import type { ActionFilter } from "./action-options.js";

/** When an action began, by the clock of each store. */
export type Begins = ReadonlyMap<Broker, number>;

export interface Found {
  readonly refs: readonly JobRef[];
  /** There are more than were asked for. */
  readonly capped: boolean;
  readonly begins: Begins;
}

/**
 * Where the jobs are that match and were queued before the question, by the clock of the store they wait in; of all
 * queues unless the filter names one, or a tree.
 */
export async function findRefs(routes: Routes, filter: ActionFilter, max: number): Promise<Found> {
  const queues = await routes.lookAt(filter.queue);
  const begins = await clocks(queues.map(({ broker }) => broker));
  const refs: JobRef[] = [];
  for (const { queue, broker } of queues) {
    refs.push(...(await broker.select({ ...within(filter, queue, begins.get(broker)), limit: max + 1 - refs.length })));
    if (refs.length > max) return { refs: refs.slice(0, max), capped: true, begins };
  }
  return { refs, capped: false, begins };
}

/** What is asked of one queue: only jobs that were queued when the action began. */
export function within(filter: ActionFilter, queue: string, began: number = 0): JobFilter {
  return { ...filter, queue, queued: until(filter.queued, began) };
}

async function clocks(brokers: readonly Broker[]): Promise<Begins> {
  const times = new Map<Broker, number>();
  await Promise.all([...new Set(brokers)].map(async (broker) => times.set(broker, await broker.now())));
  return times;
}

function until({ from, to }: TimeRange = {}, now: number): TimeRange {
  return { ...(from ? { from } : {}), to: new Date(Math.min(now, to?.getTime() ?? now)) };
}
