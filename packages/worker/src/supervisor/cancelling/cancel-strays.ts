import { type CancelRequest, type Job, type Registry, type Source, isFinal } from "@tandemq/core";

/**
 * Looks after requests whose jobs this worker does not run: one that went back in line is cancelled there, and what is
 * over needs no request any more. The jobs that others run are theirs.
 */
export async function cancelStrays(
  { registry, sources }: { readonly registry: () => Registry; readonly sources: () => readonly Source[] },
  requests: readonly CancelRequest[],
): Promise<void> {
  for (const { broker, queues } of sources()) {
    const served = new Set(queues());
    const ours = requests.filter(({ queue }) => served.has(queue));
    if (ours.length === 0) continue;
    const jobs = await broker.get(ours);
    const waiting = ours.filter((request, i) => isSameLife(jobs[i], request) && isWaiting(jobs[i]));
    if (waiting.length > 0) await broker.cancel(waiting);
    const left = waiting.length > 0 ? await broker.get(ours) : jobs;
    const over = ours.filter((request, i) => !isSameLife(left[i], request) || isFinal(left[i].status));
    if (over.length > 0) await registry().dropCancelRequests(over);
  }
}

function isSameLife(job: Job | undefined, { generation }: CancelRequest): job is Job {
  return job?.generation === generation;
}

function isWaiting(job: Job | undefined): boolean {
  return job !== undefined && job.status !== "started" && !isFinal(job.status);
}
