import { setTimeout as pause } from "node:timers/promises";
import { JobNotFoundError } from "../errors/errors.js";
import type { Job } from "../model/job.js";
import type { Json } from "../model/json.js";
import { isFinal } from "../model/status.js";

/** Milliseconds between two looks. */
const every = 300;
/** Looks after the job's end: its last word is written a moment later. */
const looksAfterEnd = 2;

/** What a job tells of its progress, each value once, until it is over or the signal is aborted. */
export async function* followProgress(
  look: () => Promise<Job | undefined>,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<Json, void> {
  let last = "";
  for (let left = looksAfterEnd; left >= 0 && !signal?.aborted; ) {
    const job = await look();
    if (!job) throw new JobNotFoundError(id);
    const { progress } = job;
    const text = JSON.stringify(progress);
    if (progress !== undefined && text !== last) yield progress;
    last = text;
    if (isFinal(job.status)) left--;
    if (left >= 0) await pause(every, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}
