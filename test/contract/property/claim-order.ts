import type { Claim, Job, JobId, MemoryBroker } from "@tandemq/core";

interface InLine {
  readonly id: JobId;
  readonly queue: string;
  readonly priority: number;
  readonly place: number;
  readonly claimedBefore: boolean;
  readonly byStore: boolean;
}

/**
 * The model's due jobs of these queues, as an ordinary look at its store finds them.
 *
 * @param byStore those whose place is by the store's own clock, where producers have another
 */
export function dueJobs(
  model: MemoryBroker,
  queues: readonly string[],
  byStore: ReadonlySet<JobId>,
): Map<JobId, InLine> {
  const now = model.store.now();
  const due = queues.flatMap((queue) => model.store.entries(queue)).filter(({ job }) => isDue(job, now));
  const open = due.filter(({ job }) => !model.store.pausedQueues.has(job.queue));
  return new Map(open.map(({ job, place }) => [job.id, { ...inLine(job, place), byStore: byStore.has(job.id) }]));
}

function isDue(job: Job, now: number): boolean {
  return job.due !== undefined && job.due.getTime() <= now;
}

function inLine({ id, queue, priority, deliveries }: Job, place: number): Omit<InLine, "byStore"> {
  return { id, queue, priority, place, claimedBefore: deliveries > 0 };
}

/** Why the claims are not in the order of the line, or `undefined` when they are. */
export function orderFault(claims: readonly Claim[], due: ReadonlyMap<JobId, InLine>): string | undefined {
  const rest = new Map(due);
  for (const claim of claims) {
    const taken = rest.get(claim.id);
    if (!taken) return `${claim.id} was not due, or was given twice`;
    rest.delete(claim.id);
    const skipped = [...rest.values()].find((waiting) => comesBefore(waiting, taken));
    if (skipped) return `${JSON.stringify(taken)} was given before ${JSON.stringify(skipped)}`;
  }
  return undefined;
}

/** Clocks of two stores tell apart what is so many milliseconds apart. */
const tick = 2;

/** A producer's clock is behind the store's by less than this, milliseconds. */
const lag = 5000;

function comesBefore(a: InLine, b: InLine): boolean {
  if (a.queue !== b.queue) return false;
  if (a.priority !== b.priority) return a.priority > b.priority;
  const apart = a.place + (a.byStore === b.byStore ? tick : lag) <= b.place;
  if (a.claimedBefore !== b.claimedBefore) return a.claimedBefore && apart;
  return !a.claimedBefore && apart;
}
