import { type JobFilter, type JobId, type JobRef, matchesFilter, type Status } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import { packedIds, scanOf } from "./id-pages.js";
import { look } from "./look.js";
import { queueNames } from "./queue-names.js";

const liveStatuses: ReadonlySet<Status> = new Set(["queued", "started", "retry", "interrupt"]);

/**
 * Every job that matches. A job has one entry, wherever it stands in line, and the scan of a hash gives everything that
 * is in it from the scan's begin to its end: nothing is missed because the line moves on meanwhile.
 */
export async function select(context: BrokerContext, filter: JobFilter): Promise<JobRef[]> {
  const queues = filter.queue === undefined ? await queueNames(context) : [filter.queue];
  const found: JobRef[] = [];
  for (const queue of queues) {
    await selectIn(context, queue, filter, found);
    if (found.length >= (filter.limit ?? Number.POSITIVE_INFINITY)) break;
  }
  return found.slice(0, filter.limit);
}

async function selectIn(context: BrokerContext, queue: string, filter: JobFilter, found: JobRef[]): Promise<void> {
  const seen = new Set<JobId>();
  const { ids: _, ...rest } = filter;
  for await (const ids of idsOf(context, queue, filter)) {
    const fresh = ids.filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
    for (const job of await look(context, queue, fresh)) {
      if (job && matchesFilter(job, rest)) found.push({ id: job.id, queue });
    }
    if (found.length >= (filter.limit ?? Number.POSITIVE_INFINITY)) return;
  }
}

/** The ids that may match; a scan may give one twice. */
async function* idsOf(context: BrokerContext, queue: string, filter: JobFilter): AsyncGenerator<readonly JobId[]> {
  if (filter.ids) return yield filter.ids;
  const { status } = filter;
  if (!status || status.includes("queued")) yield* packedIds(context, queue);
  if (!status || status.some((one) => liveStatuses.has(one))) yield* scanOf(context, queue, "body");
  if (!status || status.some((one) => !liveStatuses.has(one))) yield* scanOf(context, queue, "failedBody");
}
