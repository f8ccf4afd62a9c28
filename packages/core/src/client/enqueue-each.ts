import type { NewJob } from "../model/job.js";
import type { EnqueueAnswer } from "../ports/broker.js";
import type { QueueRoute } from "../ports/deployment.js";
import { enqueueInBatches } from "./enqueue-in-batches.js";
import { fitQueue } from "./fit-queue.js";
import type { Routes } from "./routes.js";

interface Placed {
  readonly job: NewJob;
  readonly route: QueueRoute;
}

/** One answer per job, at its place: a job whose queue cannot be used, or does not fit it, is refused; the others go on. */
export function enqueueEach(routes: Routes, jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
  return routes.parents.whileAdding(jobs, (faults) => enqueueGood(routes, jobs, faults));
}

async function enqueueGood(
  routes: Routes,
  jobs: readonly NewJob[],
  faults: readonly (Error | undefined)[],
): Promise<EnqueueAnswer[]> {
  const byQueue = await routesOf(routes, jobs);
  const placed = jobs.map((job, i) => faults[i] ?? place(job, byQueue.get(job.queue)));
  const good = placed.filter(isPlaced);
  const given = await enqueueInBatches(
    good.map(({ job }) => job),
    good.map(({ route }) => route),
  );
  const answers = given.values();
  return placed.map((one) => (isPlaced(one) ? (answers.next().value ?? unanswered()) : refused(one)));
}

/** A job that was not added, and why. */
export function refused(error: unknown): EnqueueAnswer {
  return { state: "refused", error: toError(error) };
}

async function routesOf(routes: Routes, jobs: readonly NewJob[]): Promise<Map<string, QueueRoute | Error>> {
  const queues = [...new Set(jobs.map(({ queue }) => queue))];
  const found = await Promise.all(queues.map((queue) => routes.known(queue) ?? routes.route(queue).catch(toError)));
  return new Map(queues.map((queue, i) => [queue, found[i]!]));
}

function place(job: NewJob, route: QueueRoute | Error | undefined): Placed | Error {
  if (!route || route instanceof Error) return route ?? new Error(`no route for queue "${job.queue}"`);
  try {
    return { job: fitQueue(job, route), route };
  } catch (error) {
    return toError(error);
  }
}

function isPlaced(one: Placed | Error): one is Placed {
  return !(one instanceof Error);
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function unanswered(): EnqueueAnswer {
  return refused(new Error("the broker gave no answer"));
}
