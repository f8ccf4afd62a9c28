import type { Chore } from "@tandemq/core";
import type { ChoreContext } from "./context.js";

/** Failed no-storage jobs that Redis keeps: those whose time is over, or that are too many. */
export function oldFailures({ stores: { redis }, modes, config, queues }: ChoreContext): Chore | undefined {
  const upkeep = redis?.upkeep();
  if (!upkeep || !modes.has("no-storage")) return undefined;
  return {
    name: "failed jobs in Redis whose time is over",
    run: async () => upkeep.dropOldFailures(await queues("no-storage"), config.keepFailures),
  };
}
