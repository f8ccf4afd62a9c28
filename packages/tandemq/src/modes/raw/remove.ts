import { type Broker, type ChangeAnswer, type Job, type JobRef, type JobStore } from "@tandemq/core";
import { asCancelled, isWaiting } from "./cancel.js";

/** Deletes raw jobs that are not started, with their documents. */
export async function removeRaw(line: Broker, store: JobStore, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  await endDocuments(store, await line.get(refs));
  const inLine = await line.remove(refs);
  const gone = refs.filter((_, i) => inLine[i] === "done" || inLine[i] === "missing");
  const documents = gone.length > 0 ? await store.remove(gone.map(({ id }) => id)) : [];
  const answers = new Map(gone.map(({ id }, i) => [id, documents[i] ?? "missing"]));
  return refs.map(({ id }, i) => (inLine[i] === "missing" ? (answers.get(id) ?? "missing") : (inLine[i] ?? "missing")));
}

/** Deletes all waiting jobs; those that ran before have a document, which goes too. */
export async function purgeRaw(line: Broker, store: JobStore, queue: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const again = await line.find({ queue, status: ["retry", "interrupt"], limit: 1000 });
    const answers = again.length > 0 ? await removeRaw(line, store, again) : [];
    const done = answers.filter((answer) => answer === "done").length;
    removed += done;
    if (done === 0) break;
  }
  return removed + (await line.purge(queue));
}

/** A document is deleted only when it is final; that of a job which waits for its retry becomes so first. */
async function endDocuments(store: JobStore, entries: readonly (Job | undefined)[]): Promise<void> {
  const ran = entries.filter((job) => job !== undefined).filter((job) => job.deliveries > 0 && isWaiting(job));
  if (ran.length > 0) await store.record(ran.map(asCancelled));
}
