import type { Chore } from "@tandemq/core";
import type { ChoreContext } from "./context.js";

/** Most keys that are freed in MongoDB at a time. */
const most = 500;

/** Unique keys whose job is gone, or over. */
export function deadKeys({ stores: { mongo, redis }, queues }: ChoreContext): Chore {
  const [inMongo, inRedis] = [mongo?.upkeep(), redis?.upkeep()];
  return {
    name: "unique keys without a living job",
    async run() {
      const names = inRedis ? await queues("raw", "no-storage") : [];
      return ((await inRedis?.freeDeadKeys(names)) ?? 0) + ((await inMongo?.freeDeadKeys(most)) ?? 0);
    },
  };
}
