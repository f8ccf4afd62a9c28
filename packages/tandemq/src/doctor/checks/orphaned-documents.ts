import { countOf, type Job } from "@tandemq/core";
import { findOrphans, mendOrphans, type RawStores } from "../../upkeep/orphans.js";
import type { DoctorContext } from "../context.js";
import { type Check, error, ok } from "../finding.js";

/** A raw job whose state changed less than this ago is left alone, ms. */
const grace = 60_000;

/** Raw jobs that had started, and whose entry Redis has lost. */
export const orphanedDocuments: Check = {
  name: "orphaned-documents",
  needs: ["mongo", "redis"],
  async run(context) {
    const raw = context.modes.get("raw");
    const stores = rawStores(context);
    if (!raw || !stores) return [ok("no raw queues")];
    const orphans = await allOrphans(context, stores);
    if (orphans.length === 0) return [ok("every started raw job has its entry")];
    const means =
      "Their documents say that they are to run, but no entry in Redis will bring them to a worker: Redis lost them.";
    const mend = {
      what: `put ${countOf(orphans.length, "job")} back in line for a new life`,
      run: async () => `${countOf(await mendOrphans(stores, raw, orphans), "job is", "jobs are")} in line again`,
    };
    const todo = "Workers mend this by themselves within minutes; or run this with --fix.";
    return [
      error(
        `${countOf(orphans.length, "started raw job has", "started raw jobs have")} no entry in Redis`,
        means,
        todo,
        mend,
      ),
    ];
  },
};

export function rawStores({ stores: { mongo, redis, documents } }: DoctorContext): RawStores | undefined {
  return mongo && redis && documents && { mongo, redis, documents };
}

async function allOrphans(context: DoctorContext, stores: RawStores): Promise<Job[]> {
  const queues = await context.queuesOf("raw");
  const found: Job[] = [];
  for (const queue of queues) {
    let after: number | undefined = 0;
    while (after !== undefined) {
      const { jobs, next }: Awaited<ReturnType<typeof findOrphans>> = await findOrphans(stores, queue, queues, {
        after,
        grace,
      });
      found.push(...jobs);
      after = next;
    }
  }
  return found;
}
