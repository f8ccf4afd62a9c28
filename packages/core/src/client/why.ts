import type { Job } from "../model/job.js";
import type { QueueRoute } from "../ports/deployment.js";
import type { Registry } from "../ports/registry.js";
import { explain } from "../why/explain.js";
import type { Why } from "../why/reasons.js";

/** Looks at what surrounds a job and says why it does not run. */
export async function why(job: Job, { broker }: QueueRoute, registry: Registry): Promise<Why> {
  const { id, queue, path } = job;
  const [paused, workers, counts] = await Promise.all([broker.paused(), registry.workers(), broker.counts([queue])]);
  const queued = counts.get(queue)?.queued ?? 0;
  return { id, queue, path, reasons: explain({ job, paused, workers, queued, now: Date.now() }) };
}
