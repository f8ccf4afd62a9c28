import type { Job } from "@tandemq/core";
import { endedJob } from "../merge-job.js";
import type { RawContext } from "./context.js";

const page = 1000;

/** Deletes what waits in a queue, and the documents of those that had started before. */
export async function purge(context: RawContext, queue: string): Promise<number> {
  const purged = await context.live.purge(queue);
  while ((await removeOrphans(context, queue)) === page);
  return purged;
}

/** Documents of waiting jobs that have no entry any more. One that was run meanwhile has none either: its document stays. */
async function removeOrphans({ live, store }: RawContext, queue: string): Promise<number> {
  const waiting = await store.find({ queue, status: ["queued", "retry", "interrupt"], limit: page });
  if (waiting.length === 0) return 0;
  const entries = await live.get(waiting);
  const orphans = waiting.filter((_, i): boolean => entries[i] === undefined);
  await store.record(orphans.map((job: Job) => endedJob(job, "cancel")));
  const documents = await store.get(orphans.map(({ id }) => id));
  await store.remove(orphans.filter((_, i) => documents[i]?.status === "cancel").map(({ id }) => id));
  return orphans.length;
}
