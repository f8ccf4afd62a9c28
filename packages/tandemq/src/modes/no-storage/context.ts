import type { Broker } from "@tandemq/core";
import type { FailureHome } from "./failure-home.js";

/** What the operations of a no-storage broker work on. */
export interface NoStorageContext {
  /** The queues; forgets every job that is over. */
  readonly live: Broker;
  /** The same queues; keeps what ended without success in a bounded list. */
  readonly keeping: Broker;
  /** Where failed jobs live instead, if there is such a place. */
  readonly failures: FailureHome | undefined;
}
