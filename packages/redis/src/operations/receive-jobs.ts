import type { Job, ReceiveAnswer, Token } from "@tandemq/core";
import { type BrokerContext, groupBy, mostBytes, mostJobs } from "../broker-context.js";
import { keyOf, rankOf, writeJob, writePast } from "../entry/write-job.js";
import { now } from "./now.js";
import { type Arrival, receive, type Received } from "./receive.js";

/** Takes over jobs from another store; they are parked for so many milliseconds. */
export async function receiveJobs(
  context: BrokerContext,
  jobs: readonly Job[],
  parkedFor: number,
  mover?: Token,
): Promise<ReceiveAnswer[]> {
  const answers: ReceiveAnswer[] = jobs.map(() => "invalid");
  const until = (await now(context)) + parkedFor;
  for (const [queue, positions] of groupBy(jobs, (job) => job.queue)) {
    const isLifo = context.shapeOf(queue).order === "lifo";
    const arrivals = positions.map((position) => arrivalOf(jobs[position] as Job, until, isLifo));
    let place = 0;
    for (const batch of batchesOf(arrivals)) {
      for (const received of await receive(context, queue, batch, { ...(mover && { mover }) }))
        answers[positions[place++] as number] = answerOf(received);
    }
  }
  return answers;
}

function answerOf(received: Received): ReceiveAnswer {
  if (received === "here") return "done";
  return received === "leaving" ? "started" : received;
}

function arrivalOf(job: Job, until: number, isLifo: boolean): Arrival {
  const { id, status, priority } = job;
  return {
    ...{ id, status, priority },
    entry: writeJob(job, until),
    past: writePast(job),
    due: `@${until}`,
    rank: rankOf(job, isLifo),
    ...keyOf(job),
  };
}

function batchesOf(arrivals: readonly Arrival[]): Arrival[][] {
  const found: Arrival[][] = [];
  let bytes = 0;
  for (const arrival of arrivals) {
    const size = arrival.entry.length + arrival.past.length;
    const batch = found.at(-1);
    if (batch && batch.length < mostJobs && bytes + size <= mostBytes) batch.push(arrival);
    else found.push([arrival]);
    bytes = found.at(-1)?.length === 1 ? size : bytes + size;
  }
  return found;
}
