import { type Broker, type ChangeAnswer, isFinal, type Job, type JobRef, type JobStore } from "@tandemq/core";
import { nextLife } from "../job-again.js";

/** Begins the next generation of finished raw jobs: the entry first, then the document. */
export async function requeueRaw(line: Broker, store: JobStore, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const [documents, entries] = await Promise.all([store.get(refs.map(({ id }) => id)), line.get(refs)]);
  const over = documents.filter(
    (job, i) => job !== undefined && isFinal(job.status) && !isAhead(entries[i], job),
  ) as Job[];
  const answers = over.length > 0 ? await line.enqueue(over.map(nextLife)) : [];
  const again = over.filter((_, i) => answers[i]?.state === "enqueued");
  await store.recordRequeue(again.map(({ id, generation }) => ({ id, generation: generation + 1 })));
  const done = new Set(again.map(({ id }) => id));
  return refs.map(({ id }, i) => (done.has(id) ? "done" : placeOf(entries[i] ?? documents[i])));
}

/** The entry is in a later life already: a requeue was interrupted between its two steps. */
function isAhead(entry: Job | undefined, document: Job): boolean {
  return entry !== undefined && entry.generation > document.generation;
}

export function placeOf(job: Job | undefined): ChangeAnswer {
  if (!job) return "missing";
  if (isFinal(job.status)) return "final";
  return job.status === "started" ? "started" : "waiting";
}
