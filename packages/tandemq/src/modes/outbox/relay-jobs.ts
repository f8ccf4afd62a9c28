import { type Broker, type EnqueueAnswer, inGroups, type NewJob, type Outbox } from "@tandemq/core";

/**
 * So long a relayed job waits in its queue for its release, ms: longer than a relay's lease, so that another relay
 * finds it still there when this one dies, and makes no second job.
 */
export const parkedFor = 120_000;

/** A relay that hung since it took its jobs leaves them to the others, ms: well before the queues forget what they got. */
const latest = 600_000;

/**
 * Each job is parked in its queue, then leaves the outbox, then comes due. A death in between loses nothing: before
 * the job leaves the outbox another relay does the same again, to the same entry; after that it comes due by itself. A
 * relay that hung until the job was over, or could not delete for so long, makes no second one: the queue remembers for an
 * hour, and a relay that hung for longer has left its jobs to others.
 *
 * @param takenAt when it began to take the jobs, as `performance.now()` tells
 */
export async function relayJobs(
  outbox: Outbox,
  brokerOf: (queue: string) => Promise<Broker>,
  jobs: readonly NewJob[],
  warn: (message: string) => void,
  takenAt: number = performance.now(),
): Promise<void> {
  for (const [queue, some] of inGroups(jobs, ({ queue }) => queue)) {
    try {
      const broker = await brokerOf(queue);
      if (performance.now() - takenAt > latest) return;
      await relayTo(outbox, broker, some, warn);
    } catch (error) {
      warn(`jobs of queue "${queue}" stay in the outbox: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function relayTo(
  outbox: Outbox,
  broker: Broker,
  jobs: readonly NewJob[],
  warn: (message: string) => void,
): Promise<void> {
  const parked = { due: { after: parkedFor }, onDuplicate: "keep", seen: true, onlyOnce: true } as const;
  const answers = await broker.enqueue(jobs.map((job) => ({ ...job, ...parked })));
  const met = jobs.filter(({ id }, i) => isKept(id, answers[i]));
  // By the queue's own rule, which may change the job that has the key: twice is as once.
  if (met.length > 0) await broker.enqueue(met);
  jobs.forEach(({ id }, i) => {
    const answer = answers[i];
    if (answer?.state === "refused") warn(`job ${id} leaves the outbox, refused by its queue: ${answer.error.message}`);
  });
  await outbox.delete(jobs.map(({ id }) => id));
  await release(
    broker,
    jobs.filter((job, i) => isParked(job, answers[i])),
  );
}

function isKept(id: string, answer: EnqueueAnswer | undefined): boolean {
  return answer?.state === "enqueued" && answer.id !== id;
}

/** A job whose unique key was taken is not there. */
function isParked({ id }: NewJob, answer: EnqueueAnswer | undefined): boolean {
  return answer?.state === "enqueued" && answer.created && answer.id === id;
}

async function release(broker: Broker, jobs: readonly NewJob[]): Promise<void> {
  const dueOf = ({ due }: NewJob) => ("at" in due ? due.at : -due.after);
  for (const some of inGroups(jobs, dueOf).values()) {
    const [first] = some;
    if (first) await broker.edit(some, { due: first.due });
  }
}
