import type { Broker, Chore, QueueMode } from "@tandemq/core";
import type { Config } from "../config/config.js";
import type { Stores } from "../modes/stores.js";
import { deadKeys } from "./dead-keys.js";
import { oldFailures } from "./old-failures.js";
import { orphanedJobs } from "./orphaned-jobs.js";
import { retention } from "./retention.js";

/** What chores work on. */
export interface ChoreContext {
  readonly stores: Stores;
  readonly modes: ReadonlyMap<QueueMode, Broker>;
  readonly config: Config;
  /** Names of the queues of these modes, as of now. */
  readonly queues: (...modes: QueueMode[]) => Promise<string[]>;
}

/** Every chore that the stores and the configuration call for. */
export function choresOf(context: ChoreContext): Chore[] {
  const made = [orphanedJobs(context), deadKeys(context), oldFailures(context), retention(context)];
  return made.filter((chore) => chore !== undefined);
}

/** Milliseconds within which what has changed is left alone: whoever changed it may not be done yet. */
export function graceOf({ worker: { lease } }: Config): number {
  return 2 * lease;
}
