import type { Chore } from "@tandemq/core";
import { type ChoreContext, graceOf } from "./context.js";
import { findOrphans, mendOrphans } from "./orphans.js";

/** Raw jobs that Redis lost after they had started go back in line. */
export function orphanedJobs({ stores, modes, config, queues }: ChoreContext): Chore | undefined {
  const { mongo, redis, documents } = stores;
  const raw = modes.get("raw");
  if (!mongo || !redis || !documents || !raw) return undefined;
  const cursors = new Map<string, number | undefined>();
  return {
    name: "started raw jobs without an entry",
    async run() {
      const names = await queues("raw");
      let mended = 0;
      for (const queue of names) {
        const range = { after: cursors.get(queue) ?? 0, grace: graceOf(config) };
        const { jobs, next } = await findOrphans({ mongo, redis, documents }, queue, names, range);
        cursors.set(queue, next);
        mended += await mendOrphans({ mongo, redis, documents }, raw, jobs);
      }
      return mended;
    },
  };
}
