import type { Job, JobRef, NewJob } from "../model/job.js";
import type { Broker } from "../ports/broker.js";
import type { ActionAnswer } from "./action-options.js";
import { handOver } from "./hand-over.js";

interface Placed {
  readonly job: Job;
  readonly place: number;
}

/**
 * Moves waiting jobs of one queue to another broker that nobody claims from yet, where they wait in the same queue. Jobs
 * that never ran keep id, key and place in line; one that ran before, or lives again, becomes a new job. The copy is
 * there before the original goes: done again after a death in between, the move goes on where it was.
 */
export async function carryOver(from: Broker, to: Broker, refs: readonly JobRef[]): Promise<ActionAnswer[]> {
  const jobs = await from.get(refs);
  const answers: ActionAnswer[] = jobs.map(() => "missing");
  const placed = jobs.flatMap((job, place): Placed[] => (job ? [{ job, place }] : []));
  const fresh = placed.filter(({ job }) => isFresh(job));
  await carryFresh(from, to, fresh, answers);
  const begun = placed.filter((one) => !fresh.includes(one));
  const [first] = begun;
  if (!first) return answers;
  const handed = await handOver(from, { broker: to, queue: first.job.queue }, begun.map(refOf));
  begun.forEach(({ place }, i) => {
    answers[place] = handed[i] ?? "missing";
  });
  return answers;
}

/** One whose original was claimed meanwhile is taken back: it runs where it is. */
async function carryFresh(from: Broker, to: Broker, fresh: readonly Placed[], answers: ActionAnswer[]): Promise<void> {
  if (fresh.length === 0) return;
  const added = await to.enqueue(fresh.map(({ job }) => sameJob(job)));
  const kept = fresh.filter(({ job }, i) => {
    const answer = added[i];
    return answer?.state === "enqueued" && answer.id === job.id;
  });
  for (const { place } of fresh) answers[place] = "invalid";
  const removed = kept.length === 0 ? [] : await from.remove(kept.map(refOf));
  kept.forEach(({ place }, i) => {
    answers[place] = removed[i] === "missing" ? "done" : (removed[i] ?? "missing");
  });
  const claimed = kept.filter(({ place }) => answers[place] !== "done");
  if (claimed.length > 0) await to.remove(claimed.map(refOf));
}

function isFresh({ status, deliveries, generation }: Job): boolean {
  return status === "queued" && deliveries === 0 && generation === 1;
}

function refOf({ job: { id, queue } }: Placed): JobRef {
  return { id, queue };
}

function sameJob(job: Job): NewJob {
  const { id, queue, path, params, priority, key, settings, tags, parent, meta, startBy } = job;
  return {
    ...{ id, queue, path, priority, settings, seen: true },
    params: JSON.stringify(params),
    due: { at: (job.due ?? job.queuedAt).getTime() },
    ...(key ? { key } : {}),
    ...(tags ? { tags } : {}),
    ...(parent === undefined ? {} : { parent }),
    ...(meta ? { meta } : {}),
    ...(startBy ? { startBy: { at: startBy.getTime() } } : {}),
  };
}
