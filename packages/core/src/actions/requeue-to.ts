import type { Job, JobRef } from "../model/job.js";
import { isFinal } from "../model/status.js";
import type { Broker } from "../ports/broker.js";
import { reborn } from "../rules/reborn.js";
import type { ActionAnswer } from "./action-options.js";
import { type Destination, parked } from "./hand-over.js";

/**
 * Puts dead jobs into line in another queue, of any broker: the same jobs in their next life, with their unique keys; then
 * the dead go. One whose key is another's there stays as it is, and is `keyTaken`.
 */
export async function requeueTo(from: Broker, to: Destination, refs: readonly JobRef[]): Promise<ActionAnswer[]> {
  if (from === to.broker && from.requeueInto) return from.requeueInto(refs, to.queue);
  const [jobs, now] = await Promise.all([from.get(refs), to.broker.now()]);
  const answers: ActionAnswer[] = jobs.map(standingOf);
  const dead = answers.flatMap((answer, place) => (answer === "final" ? [place] : []));
  const next = dead.map((place) => ({ ...reborn(jobs[place]!, now), queue: to.queue }));
  const received = next.length === 0 ? [] : await to.broker.receive(next, parked);
  dead.forEach((place, i) => {
    answers[place] = received[i] ?? "invalid";
  });
  const done = dead.filter((place) => answers[place] === "done");
  await removeDead(
    from,
    done.map((place) => jobs[place]!),
  );
  await to.broker.arrive(next.filter((_, i) => received[i] === "done"));
  return answers;
}

/** One that somebody else requeued meanwhile, and moved back, lives: it is in its next life, and stays. */
async function removeDead(from: Broker, dead: readonly Job[]): Promise<void> {
  const now = await from.get(dead);
  await from.remove(dead.filter(({ generation }, i) => now[i]?.generation === generation));
}

function standingOf(job: Job | undefined): "missing" | "final" | "started" | "waiting" {
  if (!job) return "missing";
  if (isFinal(job.status)) return "final";
  return job.status === "started" ? "started" : "waiting";
}
