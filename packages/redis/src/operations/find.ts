import { type Job, type JobFilter, type JobId, matchesFilter, newestFirst, type Status } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import { zaddbyscore } from "../generated/lua.js";
import { type List, pagesOf } from "./id-pages.js";
import { look } from "./look.js";
import { queueNames } from "./queue-names.js";

/** Jobs of one list that a search looks at, at most: it must not read a long queue from end to end. */
const mostLookedAt = 5_000;

/** Where jobs of a live status are found; final ones are among the failed. */
const listsOf: Readonly<Partial<Record<Status, readonly List[]>>> = {
  queued: ["ready", "due"],
  started: ["token"],
  retry: ["retry"],
  interrupt: ["interrupt"],
};

/** Jobs that match, of one queue or of every queue that had jobs. */
export async function find(context: BrokerContext, filter: JobFilter): Promise<Job[]> {
  const limit = filter.limit ?? 100;
  const queues = filter.queue === undefined ? await queueNames(context) : [filter.queue];
  const found: Job[] = [];
  for (const queue of queues) found.push(...(await findIn(context, queue, filter, limit)));
  if (filter.order !== "head") found.sort(newestFirst);
  return found.slice(0, limit);
}

async function findIn(context: BrokerContext, queue: string, filter: JobFilter, limit: number): Promise<Job[]> {
  if (filter.ids) return matching(await look(context, queue, filter.ids), filter);
  if (filter.order === "head") return findHead(context, queue, filter, limit);
  const found = new Map<JobId, Job>();
  for (const list of listsFor(filter.status)) {
    for (const job of await search(context, queue, list, filter, limit)) found.set(job.id, job);
  }
  return [...found.values()];
}

function listsFor(status: readonly Status[] | undefined): ReadonlySet<List> {
  if (!status) return new Set<List>(["ready", "due", "failed"]);
  return new Set(status.flatMap((one) => listsOf[one] ?? ["failed"]));
}

/** First those that a claim would take now, in its order, then those that wait for their time. */
async function findHead(context: BrokerContext, queue: string, filter: JobFilter, limit: number): Promise<Job[]> {
  await moveUp(context, queue);
  const inLine = await search(context, queue, "head", filter, limit);
  if (inLine.length >= limit) return inLine;
  const later = await search(context, queue, "later", filter, limit);
  return [...inLine, ...later.filter((job) => job.status !== "started")].slice(0, limit);
}

/** A claim of no job only lets what has come due take its place in line. */
async function moveUp({ connections, keys }: BrokerContext, queue: string): Promise<void> {
  const names = keys.queue(queue).ofSession(zaddbyscore, "session", "-");
  await connections.run("producer", zaddbyscore, names, [0, 1, "-", 0, 1]);
}

/** Goes through one list until enough jobs match or enough were looked at. */
async function search(
  context: BrokerContext,
  queue: string,
  list: List,
  filter: JobFilter,
  limit: number,
): Promise<Job[]> {
  const found: Job[] = [];
  let looked = 0;
  for await (const ids of pagesOf(context, queue, list)) {
    found.push(...matching(await look(context, queue, ids), filter));
    looked += ids.length;
    if (found.length >= limit || looked >= mostLookedAt) break;
  }
  return found.slice(0, limit);
}

function matching(jobs: readonly (Job | undefined)[], filter: JobFilter): Job[] {
  return jobs.filter((job) => job !== undefined).filter((job) => matchesFilter(job, filter));
}
