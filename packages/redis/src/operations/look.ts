import type { Job, JobId, JobRef } from "@tandemq/core";
import { type BrokerContext, groupBy, pieces } from "../broker-context.js";
import { type Looked, readJob } from "../entry/read-job.js";
import { look as script } from "../generated/lua.js";

/** Jobs in one script call: their whole entries are read. */
const mostLooked = 100;

/** Everything known of these jobs, in their order. */
export async function get(context: BrokerContext, refs: readonly JobRef[]): Promise<(Job | undefined)[]> {
  const found: (Job | undefined)[] = refs.map(() => undefined);
  const looks: Promise<void>[] = [];
  for (const [queue, positions] of groupBy(refs, (ref) => ref.queue)) {
    const ids = positions.map((position) => refs[position]?.id ?? "");
    looks.push(
      look(context, queue, ids).then((jobs) => {
        jobs.forEach((job, i) => {
          found[positions[i] as number] = job;
        });
      }),
    );
  }
  await Promise.all(looks);
  return found;
}

/** The queue's jobs with these ids, each piece of them as of one moment. */
export async function look(context: BrokerContext, queue: string, ids: readonly JobId[]): Promise<(Job | undefined)[]> {
  const jobs: (Job | undefined)[] = [];
  const keys = context.keys.queue(queue).of(script);
  for (const piece of pieces(ids, mostLooked)) {
    const [now, ...looked] = (await context.connections.run("producer", script, keys, piece)) as [number, ...Looked[]];
    looked.forEach((one, i) => jobs.push(readJob(queue, piece[i] as string, one, now)));
  }
  return jobs;
}
