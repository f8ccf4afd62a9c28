import type { Broker, HoldingBroker, Status } from "@tandemq/core";
import type { FactoryOf } from "../members.js";
import type { FailureHome } from "./failure-home.js";

/** What the operations of a no-storage broker work on. */
export interface NoStorageContext {
  /** The queues; forgets every job that is over. */
  readonly live: Broker;
  /** The same queues; keeps what ended without success in a bounded list. */
  readonly keeping: HoldingBroker;
  /** Where failed jobs live instead, if there is such a place. */
  readonly failures: FailureHome | undefined;
  readonly factoryOf: FactoryOf;
  /** Whether a job that ends so gets a document there. */
  readonly isStored: (queue: string, status: Status) => boolean;
}
