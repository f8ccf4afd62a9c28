import { type Job, type JobRef } from "../model/job.js";
import { finalStatuses, isFinal, liveStatuses } from "../model/status.js";
import type { ChangeAnswer } from "../ports/broker.js";
import type { CancelRequest, Registry } from "../ports/registry.js";
import { checkFlag, checkRefs } from "../rules/check-arguments.js";
import { refuseUnknown } from "../tasks/check-task-options.js";
import { findJobs } from "./find-jobs.js";
import type { Routes } from "./routes.js";

export interface CancelOptions {
  /** Whether jobs that run are cancelled, too: through their signal, and by force if they do not end. Default: true. */
  readonly running?: boolean;
  /** Whether the jobs that these jobs enqueued are cancelled with them, and theirs. Default: false. */
  readonly children?: boolean;
}

/** `requested`: the job runs, and is told to end within about a second. */
export type CancelAnswer = ChangeAnswer | "requested";

/** A request is forgotten after this time, milliseconds: longer than a run may take. */
const keepFor = 86_400_000;

/** Jobs whose children are looked for at a time, and most children that are found by one look. */
const parentsPerLook = 500;
const childrenPerLook = 10_000;

/**
 * Ends waiting jobs at once, and asks the workers of running ones to end them.
 * @throws InvalidOptionError
 */
export async function cancelJobs(
  routes: Routes,
  registry: Registry,
  refs: readonly JobRef[],
  options: CancelOptions = {},
  seen: Set<string> = new Set(),
): Promise<CancelAnswer[]> {
  refuseUnknown(options, ["running", "children"], "cancel");
  for (const option of ["running", "children"] as const) checkFlag(options[option], `cancel: ${option}`);
  checkRefs(refs, "cancel");
  for (const { id } of refs) seen.add(id);
  const answers: CancelAnswer[] = await cancelWaiting(routes, refs);
  const started = refs.map((_, place) => place).filter((place) => answers[place] === "started");
  if (options.running !== false && started.length > 0) {
    const asked = await askRunning(
      routes,
      registry,
      started.map((place) => refs[place] as JobRef),
    );
    started.forEach((place, i) => {
      answers[place] = asked[i] as CancelAnswer;
    });
  }
  if (options.children) await cancelChildren(routes, registry, refs, options, seen);
  return answers;
}

function cancelWaiting(routes: Routes, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  return routes.change(refs, (broker, some) => broker.cancel(some));
}

/**
 * Asks again for each after its request is written: one that went back in line meanwhile is cancelled there. One that
 * is over by then may have been ended by the request.
 */
async function askRunning(routes: Routes, registry: Registry, refs: readonly JobRef[]): Promise<CancelAnswer[]> {
  const jobs = await routes.get(refs);
  const requests = jobs.filter((job) => job !== undefined && !isFinal(job.status)).map((job) => requestOf(job as Job));
  await registry.requestCancel(requests, keepFor);
  const answers = await cancelWaiting(routes, refs);
  const over = new Set(refs.filter((_, i) => answers[i] !== "started").map(({ id }) => id));
  if (over.size > 0) await registry.dropCancelRequests(requests.filter(({ id }) => over.has(id)));
  return answers.map((answer) => (answer === "started" || answer === "final" ? "requested" : answer));
}

function requestOf({ id, queue, generation }: Job): CancelRequest {
  return { id, queue, generation };
}

/** Children that are over have nothing to be cancelled, but what they enqueued before may wait or run. */
async function cancelChildren(
  routes: Routes,
  registry: Registry,
  refs: readonly JobRef[],
  options: CancelOptions,
  seen: Set<string>,
): Promise<void> {
  for (let i = 0; i < refs.length; i += parentsPerLook) {
    const parent = refs.slice(i, i + parentsPerLook).map(({ id }) => id);
    let children: readonly Job[];
    let fresh: readonly Job[];
    do {
      children = await findJobs(routes, { parent, status: liveStatuses, limit: childrenPerLook });
      fresh = children.filter(({ id }) => !seen.has(id));
      if (fresh.length > 0) await cancelJobs(routes, registry, fresh, options, seen);
    } while (children.length === childrenPerLook && fresh.length > 0);
    const over = await findJobs(routes, { parent, status: finalStatuses, limit: childrenPerLook });
    const passed = over.filter(({ id }) => !seen.has(id));
    for (const { id } of passed) seen.add(id);
    if (passed.length > 0) await cancelChildren(routes, registry, passed, options, seen);
  }
}
