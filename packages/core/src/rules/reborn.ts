import type { Job } from "../model/job.js";

/** The job at the beginning of its next life. */
export function reborn(job: Job, now: number, generation: number = job.generation + 1): Job {
  const { v, id, queue, path, params, priority, key, settings, tags, parent, meta, score } = job;
  const kept = { v, id, queue, path, params, priority, key, settings, tags, parent, meta, score };
  const fresh = { attempt: 0, deliveries: 0, lost: 0, history: [] };
  return {
    ...kept,
    ...fresh,
    generation,
    status: "queued",
    queuedAt: new Date(now),
    due: new Date(now),
  };
}
