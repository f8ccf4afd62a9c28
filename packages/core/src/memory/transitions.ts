import { endsJob, type GiveBackOutcome, isGiveBack, isSuccess, type Outcome } from "../model/claim.js";
import { type AttemptRecord, type Job, maxHistory, type Token } from "../model/job.js";
import { defaults } from "../rules/defaults.js";

/** The job as a claim makes it. A started job can only be claimed once its lease has lapsed: that is a loss. */
export function started(job: Job, token: Token, worker: string | undefined, now: number, lease: number): Job {
  const found = job.status === "started" ? interrupted(job, { status: "interrupt", lost: true }, now) : job;
  return {
    ...found,
    status: "started",
    token,
    worker,
    due: new Date(now + lease),
    startedAt: new Date(now),
    deliveries: job.deliveries + 1,
  };
}

/** The job as an outcome leaves it. Its token stays, so that the same settlement can be asked twice. */
export function settled(job: Job, outcome: Outcome, now: number, keep: number = defaults.keepResults): Job {
  if (isGiveBack(outcome)) return interrupted(job, outcome, now);
  if (outcome.status === "expired")
    return finished({ ...job, ...product(outcome), startedAt: undefined }, "expired", now, keep);
  const ended = { ...job, attempt: job.attempt + 1 };
  if (endsJob(outcome)) {
    return finished({ ...ended, ...product(outcome), ...againAt(outcome, now) }, outcome.status, now, keep);
  }
  const { delay, error, queue = job.queue, priority = job.priority } = outcome;
  return waiting({ ...ended, queue, priority }, "retry", now + delay, now, error);
}

/** The job as it is over. */
export function finished(job: Job, status: Job["status"], now: number, keep: number = defaults.keepResults): Job {
  return {
    ...job,
    status,
    due: undefined,
    finishedAt: new Date(now),
    deleteAt: new Date(now + keep),
  };
}

function interrupted(job: Job, { lost, delay = 0, limited }: GiveBackOutcome, now: number): Job {
  const after = { ...job, lost: job.lost + (lost ? 1 : 0) };
  const back = waiting(after, "interrupt", now + delay, now);
  return limited ? { ...back, history: job.history } : back;
}

function waiting(job: Job, status: "retry" | "interrupt", due: number, now: number, error?: Job["error"]): Job {
  return {
    ...job,
    ...(error ? { error } : {}),
    status,
    due: new Date(due),
    worker: undefined,
    history: remember(job, status, now, error),
  };
}

function remember(job: Job, status: Job["status"], now: number, error: Job["error"]): AttemptRecord[] {
  const { attempt, startedAt, worker } = job;
  const run = {
    attempt: status === "retry" ? attempt : attempt + 1,
    status,
    startedAt,
    finishedAt: new Date(now),
    worker,
    error,
  };
  return [...job.history, run].slice(-maxHistory);
}

/** When the entry of a timed queue comes due again, for its document. */
function againAt(outcome: Outcome, now: number): Pick<Job, "again"> {
  if (!("again" in outcome) || !outcome.again) return { again: undefined };
  return { again: new Date("at" in outcome.again ? outcome.again.at : now + outcome.again.after) };
}

function product(outcome: Outcome): Pick<Job, "result" | "error"> {
  if (isSuccess(outcome)) return { result: outcome.result, error: undefined };
  return "error" in outcome ? { error: outcome.error } : {};
}
