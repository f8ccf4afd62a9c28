import type { Chore } from "@tandemq/core";
import type { ChoreContext } from "./context.js";
import { deadKeys } from "./dead-keys.js";
import { oldFailures } from "./old-failures.js";
import { orphanedJobs } from "./orphaned-jobs.js";
import { retention } from "./retention.js";

/** Every chore that the stores and the configuration call for. */
export function choresOf(context: ChoreContext): Chore[] {
  const made = [orphanedJobs(context), deadKeys(context), oldFailures(context), retention(context)];
  return made.filter((chore) => chore !== undefined);
}
