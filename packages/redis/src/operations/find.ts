import { isFinal, type Job, type JobFilter, type JobId, type Status } from "@tandemq/core";
import { type BrokerContext, pieces } from "../broker-context.js";
import { zaddbyscore } from "../generated/lua.js";
import { look } from "./look.js";
import { queueNames } from "./queue-names.js";

/** Jobs of one queue that a search looks at, at most: it must not read a long queue from end to end. */
const mostLookedAt = 5_000;

const step = 500;

/** Jobs that match, of one queue or of every queue that had jobs. */
export async function find(context: BrokerContext, filter: JobFilter): Promise<Job[]> {
  const limit = filter.limit ?? 100;
  const queues = filter.queue === undefined ? await queueNames(context) : [filter.queue];
  const found: Job[] = [];
  for (const queue of queues) found.push(...(await findIn(context, queue, filter, limit)));
  if (filter.order !== "head") found.sort((a, b) => b.queuedAt.getTime() - a.queuedAt.getTime());
  return found.slice(0, limit);
}

async function findIn(context: BrokerContext, queue: string, filter: JobFilter, limit: number): Promise<Job[]> {
  if (filter.ids) return matching(await look(context, queue, filter.ids), filter);
  if (filter.order === "head") return findHead(context, queue, filter, limit);
  const found = new Map<JobId, Job>();
  for (const list of listsFor(filter.status)) {
    for (const job of await search(context, queue, list, true, filter, limit)) found.set(job.id, job);
  }
  return [...found.values()];
}

/** First those that a claim would take now, in its order, then those that wait for their time. */
async function findHead(context: BrokerContext, queue: string, filter: JobFilter, limit: number): Promise<Job[]> {
  await moveUp(context, queue);
  const inLine = await search(context, queue, "ready", false, filter, limit);
  if (inLine.length >= limit) return inLine;
  const later = await search(context, queue, "due", false, filter, limit);
  return [...inLine, ...later.filter((job) => job.status !== "started")];
}

/** A claim of no job only lets what has come due take its place in line. */
async function moveUp({ connections, keys }: BrokerContext, queue: string): Promise<void> {
  const names = keys.queue(queue).ofSession(zaddbyscore, "session", "-");
  await connections.run("producer", zaddbyscore, names, [0, 1, "-", 0, 1]);
}

type List = "ready" | "due" | "failed";

function listsFor(status: readonly Status[] | undefined): List[] {
  const live: List[] = ["ready", "due"];
  if (!status) return [...live, "failed"];
  return [...(status.some((one) => !isFinal(one)) ? live : []), ...(status.some(isFinal) ? (["failed"] as const) : [])];
}

/** Walks one list from an end until enough jobs match or enough were looked at. */
async function search(
  context: BrokerContext,
  queue: string,
  list: List,
  fromEnd: boolean,
  filter: JobFilter,
  limit: number,
): Promise<Job[]> {
  const found: Job[] = [];
  const key = context.keys.queue(queue).key(list);
  for (let start = 0; start < mostLookedAt && found.length < limit; start += step) {
    const ids = await context.connections.command("producer", (client) =>
      fromEnd ? client.zrevrange(key, start, start + step - 1) : client.zrange(key, start, String(start + step - 1)),
    );
    for (const piece of pieces(ids, 100)) {
      if (found.length < limit) found.push(...matching(await look(context, queue, piece), filter));
    }
    if (ids.length < step) break;
  }
  return found.slice(0, limit);
}

function matching(jobs: readonly (Job | undefined)[], { status, path }: JobFilter): Job[] {
  return jobs
    .filter((job) => job !== undefined)
    .filter((job) => (!status || status.includes(job.status)) && (path === undefined || job.path === path));
}
