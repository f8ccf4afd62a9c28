import { type Job, type Limited, maxHistory } from "../model/job.js";
import type { Broker } from "../ports/broker.js";

/** Milliseconds: a job whose start is no further away is waited for; one whose time has just come may be on its way. */
const soon = 60_000;
const justNow = 2_000;

/** Jobs of a queue that are looked at. */
const mostLooked = 100;

/** What is known of the limit that holds the job back; a delivery that a limit held back leaves no run behind. */
export function heldByLimit(job: Job, now: number): Partial<Limited> | undefined {
  const { limited, status, due, deliveries, history } = job;
  if (limited) return limited;
  const held = status === "interrupt" && due !== undefined && due.getTime() > now && deliveries > history.length;
  return held && history.length < maxHistory ? { until: due } : undefined;
}

/** Whether one of these queues has a job that only a limit holds back, for at most a minute: it is work, though not due. */
export async function hasLimitedWork(broker: Broker, queues: readonly string[]): Promise<boolean> {
  const counts = await broker.counts(queues);
  const some = queues.filter((queue) => (counts.get(queue)?.interrupt ?? 0) > 0);
  if (some.length === 0) return false;
  const now = await broker.now();
  for (const queue of some) {
    const jobs = await broker.find({ queue, status: ["interrupt"], order: "head", limit: mostLooked });
    if (jobs.some((job) => isSoon(job, now))) return true;
  }
  return false;
}

function isSoon(job: Job, now: number): boolean {
  const { due } = job;
  return due !== undefined && due.getTime() <= now + soon && heldByLimit(job, now - justNow) !== undefined;
}
