import { type Chore, type FinalStatus, finalStatuses } from "@tandemq/core";
import type { TrimRule } from "@tandemq/mongo";
import type { Config } from "../config/config.js";
import { ofQueue, ofTasks, type Retention } from "../config/retention.js";
import { type ChoreContext, graceOf } from "./context.js";

/** Most jobs that are deleted at a time for one rule. */
const most = 1_000;

/** Statuses that no worker gives: their jobs know no age but by this. */
const endedElsewhere: readonly FinalStatus[] = ["cancel", "expired"];

type Limits = Pick<TrimRule, "status" | "age" | "count">;

/** Finished jobs beyond the counts of the configuration; the ages are kept by an index of MongoDB. */
export function retention({ stores: { mongo }, config, queues }: ChoreContext): Chore | undefined {
  const upkeep = mongo?.upkeep();
  if (!upkeep || !isAsked(config.retention)) return undefined;
  const common = { grace: graceOf(config), limit: most };
  return {
    name: "finished jobs beyond their retention",
    async run() {
      let deleted = 0;
      for (const queue of await queues("regular", "raw", "no-storage")) {
        for (const limits of ofOneQueue(config, queue))
          deleted += await upkeep.trim({ of: { queue }, ...limits, ...common });
      }
      for (const pattern of Object.keys(config.retention.tasks)) {
        const limits = ofOneTask(config, pattern);
        const paths = limits.length > 0 ? await upkeep.paths(pattern) : [];
        for (const path of paths)
          for (const one of limits) deleted += await upkeep.trim({ of: { path }, ...one, ...common });
      }
      return deleted;
    },
  };
}

/** Whether any rule needs more than the index of ages. */
function isAsked(rules: Retention): boolean {
  const all = [rules, ...Object.values(rules.queues), ...Object.values(rules.tasks)];
  return all.some((statuses) =>
    [...finalStatuses, "failures" as const].some((status) => {
      const rule = statuses[status];
      return rule?.count !== undefined || (rule?.age !== undefined && status !== "success");
    }),
  );
}

function ofOneQueue({ retention: rules }: Config, queue: string): Limits[] {
  return finalStatuses.flatMap((status) => {
    const count = ofQueue(rules, queue, status, "count");
    const age = endedElsewhere.includes(status) ? ofQueue(rules, queue, status, "age") : undefined;
    return limitsOf(status, age, count);
  });
}

function ofOneTask({ retention: rules }: Config, pattern: string): Limits[] {
  return finalStatuses.flatMap((status) => limitsOf(status, undefined, ofTasks(rules, pattern, status, "count")));
}

function limitsOf(status: FinalStatus, age: number | undefined, count: number | undefined): Limits[] {
  if (age === undefined && count === undefined) return [];
  return [{ status, ...(age === undefined ? {} : { age }), ...(count === undefined ? {} : { count }) }];
}
