import { type Broker, type ChangeAnswer, isFinal, type Job, type JobRef, type JobStore } from "@tandemq/core";
import { keepFailures } from "../keep.js";

/** Cancels waiting raw jobs: they get their document first, then lose their entry. */
export async function cancelRaw(line: Broker, store: JobStore, refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
  const entries = await line.get(refs);
  const waiting = entries.filter((job) => job !== undefined).filter(isWaiting);
  if (waiting.length > 0) await store.record(waiting.map(asCancelled));
  const answers = await line.cancel(refs);
  const documents = await store.get(refs.map(({ id }) => id));
  return refs.map((_, i) => answerOf(answers[i] ?? "missing", entries[i], documents[i]));
}

function answerOf(inLine: ChangeAnswer, before: Job | undefined, document: Job | undefined): ChangeAnswer {
  if (inLine === "done") return "done";
  const over = document !== undefined && isFinal(document.status);
  // A claim came between the two steps: it finds the document final and drops the entry without running it.
  if (over && before && isWaiting(before) && document.status === "cancel") return "done";
  return inLine === "missing" && over ? "final" : inLine;
}

export function isWaiting(job: Job): boolean {
  return job.status !== "started" && !isFinal(job.status);
}

export function asCancelled(job: Job): Job {
  const { due: _due, lapsed: _lapsed, key: _key, ...rest } = job;
  const now = Date.now();
  return { ...rest, status: "cancel", finishedAt: new Date(now), deleteAt: new Date(now + keepFailures) };
}
