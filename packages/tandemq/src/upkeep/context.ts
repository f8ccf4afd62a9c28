import type { Broker, QueueMode } from "@tandemq/core";
import type { Config } from "../config/config.js";
import type { Stores } from "../modes/stores.js";

/** What chores work on. */
export interface ChoreContext {
  readonly stores: Stores;
  readonly modes: ReadonlyMap<QueueMode, Broker>;
  readonly config: Config;
  /** Names of the queues of these modes, as of now. */
  readonly queues: (...modes: QueueMode[]) => Promise<string[]>;
}

/** Milliseconds within which what has changed is left alone: whoever changed it may not be done yet. */
export function graceOf({ worker: { lease } }: Config): number {
  return 2 * lease;
}
