import {
  type DepartAnswer,
  isDeparture,
  type Job,
  type JobRef,
  type QueueShape,
  type ShapeOf,
  type Token,
} from "@tandemq/core";
import { type BrokerContext, pieces } from "../broker-context.js";
import { parkedDue, readEntry } from "../entry/read-entry.js";
import { readJob } from "../entry/read-job.js";
import { lineTimeOf } from "../entry/write-job.js";
import { type Hold, take } from "./take.js";
import { stay } from "./stay.js";

/** So many calls go out together. */
const most = 500;

/** Holds waiting jobs for their mover, and reads them whole. One that cannot be read stays. */
export async function depart(context: BrokerContext, refs: readonly JobRef[], mover?: Token): Promise<DepartAnswer[]> {
  const answers: DepartAnswer[] = [];
  for (const some of pieces(refs, most))
    answers.push(...(await Promise.all(some.map((ref) => departOne(context, ref, mover)))));
  return answers;
}

async function departOne(context: BrokerContext, ref: JobRef, mover?: Token): Promise<DepartAnswer> {
  const hold = await take(context, ref, mover);
  const answer = departureOf(ref, hold, context.shapeOf);
  const { taken, token } = hold;
  if (taken[0] === "done" && !isDeparture(answer))
    await stay(context, ref.queue, [{ id: ref.id, token, status: taken[3], due: taken[5] }]);
  return answer;
}

function departureOf({ id, queue }: JobRef, { taken, token, heldFor }: Hold, shapeOf: ShapeOf): DepartAnswer {
  if (taken[0] !== "done") return taken[0] === "held" ? "started" : taken[0];
  const [, entry, past, status, rank, due] = taken;
  const own = parkedDue(entry, due);
  const at = own ?? due;
  const looked = [status, entry, past, "", at === "0" ? "" : at] as const;
  const job = isWhole(entry) ? readJob(queue, id, looked, Date.now()) : undefined;
  if (!job) return "invalid";
  return {
    job: at === "0" ? { ...job, due: dueOf(job, rank, shapeOf(queue)) } : job,
    ...(own === undefined ? {} : { parkedUntil: new Date(Number(due)) }),
    token,
    heldFor,
  };
}

/** Of a job in line its place tells when it came due. */
function dueOf(job: Job, rank: string, shape: QueueShape): Date {
  return shape.kind === "sorted" ? (job.due ?? job.queuedAt) : new Date(lineTimeOf(Number(rank), job.priority, shape));
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(readEntry(text).params);
    return true;
  } catch {
    return false;
  }
}
