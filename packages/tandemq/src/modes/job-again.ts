import type { Job, NewJob } from "@tandemq/core";

/** The next life of a finished job: same id, next generation, due now, its key not taken again. */
export function nextLife(job: Job): NewJob {
  return {
    id: job.id,
    queue: job.queue,
    path: job.path,
    params: JSON.stringify(job.params),
    priority: job.priority,
    due: { after: 0 },
    settings: job.settings,
    ...(job.tags ? { tags: job.tags } : {}),
    ...(job.parent ? { parent: job.parent } : {}),
    generation: job.generation + 1,
  };
}
