import type { Due, Job, JobRef, NewJob } from "../model/job.js";
import { isFinal } from "../model/status.js";
import type { Broker, ChangeAnswer } from "../ports/broker.js";
import { inGroups } from "../rules/in-groups.js";
import type { ActionAnswer } from "./action-options.js";
import { copyOf } from "./copy.js";

/** So long a copy waits for its original to be gone, ms: whoever dies in between leaves it to come due by itself. */
const parkedFor = 600_000;

/**
 * Moves waiting jobs to another broker: the copy is parked there, then the original is ended, and only then the copy
 * comes due. A claim in between wins, and the copy goes. A death in between loses nothing; done again within ten
 * minutes, the move goes on where it was.
 */
export async function handOver(
  from: Broker,
  to: { readonly broker: Broker; readonly queue: string },
  refs: readonly JobRef[],
): Promise<ActionAnswer[]> {
  const jobs = await from.get(refs);
  const answers: ActionAnswer[] = jobs.map(placeOf);
  const movable = places(answers, "waiting");
  const copies = movable.map((place) => ({
    ...copyOf(jobs[place]!, to.queue, { after: parkedFor }),
    ...startByOf(jobs[place]!),
  }));
  const parked = await to.broker.enqueue(copies);
  const kept = movable.filter((_, i) => parked[i]?.state === "enqueued");
  const ended = await from.cancel(kept.map((place) => refs[place]!));
  for (const place of movable) answers[place] = "invalid";
  kept.forEach((place, i) => {
    answers[place] = ended[i] ?? "missing";
  });
  const copyAt = new Map(movable.map((place, i) => [place, copies[i]!]));
  await dropCopies(to.broker, copyAt, answers);
  await release(to.broker, copyAt, answers, jobs);
  await from.remove(places(answers, "done").map((place) => refs[place]!));
  return answers;
}

/** The time by which a job is to begin goes with it, unless it has begun. */
function startByOf({ startBy, history: [first] }: Job): Pick<NewJob, "startBy"> {
  return startBy && first?.startedAt === undefined ? { startBy: { at: startBy.getTime() } } : {};
}

/**
 * Puts dead jobs into line elsewhere, as new ones with the same unique key; then the dead go. One whose key is another's
 * there stays as it is, and is `keyTaken`.
 */
export async function requeueTo(
  from: Broker,
  to: { readonly broker: Broker; readonly queue: string },
  refs: readonly JobRef[],
): Promise<ActionAnswer[]> {
  const jobs = await from.get(refs);
  const answers: ActionAnswer[] = jobs.map(placeOf);
  const movable = places(answers, "final");
  const copies = movable.map((place) => withKey(copyOf(jobs[place]!, to.queue, { after: 0 }), jobs[place]!));
  const added = await to.broker.enqueue(copies);
  movable.forEach((place, i) => {
    const answer = added[i];
    answers[place] = answer?.state !== "enqueued" ? "invalid" : answer.id === copies[i]?.id ? "done" : "keyTaken";
  });
  await from.remove(places(answers, "done").map((place) => refs[place]!));
  return answers;
}

function withKey(copy: NewJob, { key }: Job): NewJob {
  return key ? { ...copy, key, onDuplicate: "keep" } : copy;
}

async function dropCopies(
  broker: Broker,
  copyAt: ReadonlyMap<number, NewJob>,
  answers: readonly ActionAnswer[],
): Promise<void> {
  const unwanted = [...copyAt].filter(([place]) => answers[place] !== "done" && answers[place] !== "invalid");
  if (unwanted.length > 0) await broker.remove(unwanted.map(([, copy]) => copy));
}

/** Lets the copies come due when their originals would have: those of one moment together, in their order. */
async function release(
  broker: Broker,
  copyAt: ReadonlyMap<number, NewJob>,
  answers: readonly ActionAnswer[],
  jobs: readonly (Job | undefined)[],
): Promise<void> {
  const now = await broker.now();
  const moved = [...copyAt].filter(([place]) => answers[place] === "done");
  const dueAt = ([place]: readonly [number, NewJob]) => Math.max(jobs[place]?.due?.getTime() ?? 0, now);
  for (const [at, group] of inGroups(moved, dueAt)) {
    const due: Due = at <= now ? { after: 0 } : { at };
    await broker.edit(
      group.map(([, copy]) => copy),
      { due },
    );
  }
}

function places(answers: readonly ActionAnswer[], wanted: ActionAnswer): number[] {
  return answers.flatMap((answer, place) => (answer === wanted ? [place] : []));
}

function placeOf(job: Job | undefined): Exclude<ChangeAnswer, "done"> {
  if (!job) return "missing";
  if (isFinal(job.status)) return "final";
  return job.status === "started" ? "started" : "waiting";
}
