import { type EnqueueAnswer, InvalidParamsError, type NewJob } from "@tandemq/core";
import { type BrokerContext, groupBy, mostBytes, mostJobs } from "../broker-context.js";
import { writeDue, writeEntry, writeKey } from "../entry/write-entry.js";
import { enqueue as script } from "../generated/lua.js";
import { noteName } from "./queue-names.js";

/** Adds jobs, one script call per queue and bounded batch. */
export async function enqueue(context: BrokerContext, jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
  const answers: EnqueueAnswer[] = jobs.map(({ id }) => ({ state: "enqueued", id, created: true }));
  const calls: Promise<void>[] = [];
  for (const [queue, positions] of groupBy(jobs, (job) => job.queue)) {
    await noteName(context, queue);
    for (const batch of batches(jobs, positions, answers)) calls.push(send(context, queue, batch, jobs, answers));
    context.cold.warm([queue]);
  }
  await Promise.all(calls);
  return answers;
}

interface Batch {
  readonly positions: number[];
  readonly args: (string | number)[];
  bytes: number;
}

function batches(jobs: readonly NewJob[], positions: readonly number[], answers: EnqueueAnswer[]): Batch[] {
  const cut: Batch[] = [];
  let batch: Batch | undefined;
  for (const position of positions) {
    const job = jobs[position] as NewJob;
    if (!isObjectText(job.params)) {
      answers[position] = {
        state: "refused",
        error: new InvalidParamsError("params are not the text of a JSON object"),
      };
      continue;
    }
    if (!batch || batch.positions.length >= mostJobs || batch.bytes + job.params.length > mostBytes) {
      batch = { positions: [], args: [], bytes: 0 };
      cut.push(batch);
    }
    batch.positions.push(position);
    batch.bytes += job.params.length;
    batch.args.push(job.id, writeDue(job.due), job.priority, job.generation ?? 1, writeKey(job), writeEntry(job));
  }
  return cut;
}

async function send(
  { connections, keys }: BrokerContext,
  queue: string,
  { positions, args }: Batch,
  jobs: readonly NewJob[],
  answers: EnqueueAnswer[],
): Promise<void> {
  const reply = await connections.run("producer", script, keys.queue(queue).of(script), [keys.wake, queue, ...args]);
  const taken = reply as (number | string)[];
  for (let i = 0; i < taken.length; i += 2) {
    const position = positions[Number(taken[i]) - 1];
    if (position === undefined || !jobs[position]) continue;
    answers[position] = { state: "enqueued", id: String(taken[i + 1]), created: false };
  }
}

function isObjectText(text: string): boolean {
  return text.startsWith("{") && text.endsWith("}");
}
