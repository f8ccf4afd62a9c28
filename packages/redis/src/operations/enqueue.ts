import { type EnqueueAnswer, InvalidParamsError, isJobId, MalformedJobError, type NewJob } from "@tandemq/core";
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
  readonly ids: string[];
  readonly entries: string[];
  readonly manners: string[];
  bytes: number;
}

function batches(jobs: readonly NewJob[], positions: readonly number[], answers: EnqueueAnswer[]): Batch[] {
  const cut: Batch[] = [];
  let batch: Batch | undefined;
  for (const position of positions) {
    const job = jobs[position] as NewJob;
    const fault = faultOf(job);
    if (fault) {
      answers[position] = { state: "refused", error: fault };
      continue;
    }
    if (!batch || batch.positions.length >= mostJobs || batch.bytes + job.params.length > mostBytes) {
      batch = { positions: [], ids: [], entries: [], manners: [], bytes: 0 };
      cut.push(batch);
    }
    batch.positions.push(position);
    batch.bytes += job.params.length;
    batch.ids.push(job.id);
    batch.entries.push(writeEntry(job));
    batch.manners.push(writeManner(job));
  }
  return cut;
}

async function send(
  { connections, keys }: BrokerContext,
  queue: string,
  { positions, ids, entries, manners }: Batch,
  jobs: readonly NewJob[],
  answers: EnqueueAnswer[],
): Promise<void> {
  const args = [keys.wake, queue, ids.join(""), ...entries, ...(manners.some(isOwn) ? manners : [])];
  const reply = await connections.run("producer", script, keys.queue(queue).of(script), args);
  const taken = reply as (number | string)[];
  for (let i = 0; i < taken.length; i += 2) {
    const position = positions[Number(taken[i]) - 1];
    if (position === undefined || !jobs[position]) continue;
    answers[position] = { state: "enqueued", id: String(taken[i + 1]), created: false };
  }
}

/** What the script is told of the job beside its entry; nothing where the job is like most. */
function writeManner(job: NewJob): string {
  const [due, key, generation] = [writeDue(job.due), writeKey(job), job.generation ?? 1];
  const isPlain = due === "" && key === "" && job.priority === 0 && generation === 1;
  return isPlain ? "" : `${due} ${job.priority} ${generation} ${key}`;
}

function isOwn(manner: string): boolean {
  return manner !== "";
}

function faultOf({ id, params }: NewJob): Error | undefined {
  if (!isJobId(id)) return new MalformedJobError(`${JSON.stringify(id)} is not a job id: 24 hexadecimal digits`);
  if (!params.startsWith("{") || !params.endsWith("}"))
    return new InvalidParamsError("params are not the text of a JSON object");
  return undefined;
}
