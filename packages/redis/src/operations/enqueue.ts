import { type EnqueueAnswer, mannerOf, type NewJob, type QueueShape } from "@tandemq/core";
import { type BrokerContext, groupBy } from "../broker-context.js";
import type { Argument } from "../connection/connections.js";
import { writeDue, writeEntry, writeHead, writeKey } from "../entry/write-entry.js";
import { enqueueOne, type LuaScript, pack, put } from "../generated/lua.js";
import { type EnqueueBatch, enqueueBatches } from "./enqueue-batches.js";
import { isPlain, packArguments } from "./pack.js";
import { noteName } from "./queue-names.js";

/** Adds jobs, one script call per queue and bounded batch. */
export async function enqueue(context: BrokerContext, jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
  const answers: EnqueueAnswer[] = jobs.map(({ id }) => ({ state: "enqueued", id, created: true }));
  const refuse = (position: number, error: Error) => (answers[position] = { state: "refused", error });
  const calls: Promise<void>[] = [];
  for (const [queue, positions] of groupBy(jobs, (job) => job.queue)) {
    await noteName(context, queue);
    const batches = enqueueBatches(jobs, positions, context.shapeOf(queue), refuse);
    for (const batch of batches) calls.push(send(context, queue, batch, answers));
    context.cold.warm([queue]);
  }
  await Promise.all(calls);
  return answers;
}

async function send(
  context: BrokerContext,
  queue: string,
  batch: EnqueueBatch,
  answers: EnqueueAnswer[],
): Promise<void> {
  const { connections, keys, shapeOf } = context;
  const { script, own } = callOf(batch, shapeOf(queue));
  const reply = await connections.run("producer", script, keys.queue(queue).of(script), [keys.wake, queue, ...own]);
  readTaken(batch, reply as (number | string)[], script === put ? 3 : 2, answers);
}

/** The script that does least for these jobs, and what it is told of them. */
function callOf(batch: EnqueueBatch, shape: QueueShape): { script: LuaScript; own: Argument[] } {
  const { script, jobs } = batch;
  if (script === put) return { script, own: putArguments(batch, mannerOf(shape)) };
  const [only, more] = jobs;
  if (only && !more && isPlain(only)) return { script: enqueueOne, own: [only.id, writeEntry(only)] };
  const packs = packArguments(jobs);
  return packs ? { script: pack, own: packs } : { script, own: enqueueArguments(batch) };
}

/** Positions from 1, the id of the job that has the key, and for `put` what became of it. */
function readTaken(
  { positions }: EnqueueBatch,
  taken: readonly (number | string)[],
  step: number,
  answers: EnqueueAnswer[],
): void {
  for (let i = 0; i < taken.length; i += step) {
    const position = positions[Number(taken[i]) - 1];
    if (position === undefined) continue;
    const what = step === 3 ? taken[i + 2] : "kept";
    const change = what === "replaced" || what === "extended" ? ({ change: what } as const) : {};
    answers[position] = { state: "enqueued", id: String(taken[i + 1]), created: false, ...change };
  }
}

function enqueueArguments({ jobs }: EnqueueBatch): Argument[] {
  const manners = jobs.map(writeDifference);
  const ids = jobs.map(({ id }) => id).join("");
  return [ids, ...writeTexts(jobs), ...(manners.some((one) => one !== "") ? manners : [])];
}

/** The head that all jobs share, or none; the bytes of each text, and all texts as one: few arguments, few bytes. */
function writeTexts(jobs: readonly NewJob[]): [head: string, lengths: string, texts: string] {
  const head = writeHead(jobs[0] as NewJob);
  const isShared = jobs.every((job) => writeHead(job) === head);
  const each = isShared ? jobs.map(({ params }) => params) : jobs.map(writeEntry);
  const texts = each.join("");
  const isAscii = Buffer.byteLength(texts) === texts.length;
  const lengths = each.map((text) => (isAscii ? text.length : Buffer.byteLength(text)));
  return [isShared ? head : "", `${lengths.join()},`, texts];
}

/** What the script is told of the job beside its entry; nothing where the job is like most. */
function writeDifference(job: NewJob): string {
  const [due, key, generation] = [writeDue(job.due), writeKey(job), job.generation ?? 1];
  const isPlain = due === "" && key === "" && job.priority === 0 && generation === 1;
  return isPlain ? "" : `${due} ${job.priority} ${generation} ${key}`;
}

function putArguments({ jobs }: EnqueueBatch, manner: string): Argument[] {
  const usual = manner === "timed" ? "replace" : "keep";
  return [
    manner,
    ...jobs.flatMap((job) => [
      ...[job.id, writeEntry(job), writeDue(job.due) || "+0", job.priority, job.generation ?? 1],
      ...[writeKey(job), job.onlyOnce ? "once" : (job.onDuplicate ?? usual), job.score ?? "", job.key?.for ?? ""],
    ]),
  ];
}
