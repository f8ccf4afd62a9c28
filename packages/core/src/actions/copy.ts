import { createHash } from "node:crypto";
import type { Due, Job, JobId, NewJob } from "../model/job.js";

/**
 * The job as a new one in another queue: its history and its unique key stay behind. Its id follows from the
 * old one, so that a copy that is made twice is one job, also where the first is over by then.
 */
export function copyOf(job: Job, queue: string, due: Due): NewJob {
  const { path, params, priority, settings, tags, parent, meta } = job;
  return {
    id: copyId(job, queue),
    ...{ queue, path, params: JSON.stringify(params), priority, settings, due, seen: true },
    ...(tags ? { tags } : {}),
    ...(parent === undefined ? {} : { parent }),
    ...(meta ? { meta } : {}),
  };
}

/** The seconds in front stay, so that copies lie where their originals did. */
function copyId({ id, generation }: Job, queue: string): JobId {
  const digest = createHash("sha256").update(`${id} ${generation} ${queue}`).digest("hex");
  return id.slice(0, 8) + digest.slice(0, 16);
}
