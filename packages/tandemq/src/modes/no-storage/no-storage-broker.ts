import type { Broker, HoldingBroker, JobStore, Status } from "@tandemq/core";
import { ModeBroker, type Operations } from "../mode-broker.js";
import type { RelayedOutbox } from "../outbox/relayed-outbox.js";
import { cancel } from "./cancel.js";
import { edit, remove, requeue } from "./change.js";
import { claim } from "./claim.js";
import type { NoStorageContext } from "./context.js";
import { FailureHome } from "./failure-home.js";
import { counts, find, get, select } from "./look.js";
import { depart, leave, stay } from "./move.js";
import { settle } from "./settle.js";

export interface NoStorageOptions {
  /** The queues; forgets every job that is over, and counts it. */
  readonly live: Broker;
  /** The same queues; keeps jobs that ended without success in a bounded list. */
  readonly keeping: HoldingBroker;
  /** Where failed jobs are kept instead, as long as it answers. */
  readonly store?: JobStore;
  /** Where jobs wait that are part of a transaction, if there is such a place. */
  readonly outbox?: RelayedOutbox | undefined;
  readonly warn?: (message: string) => void;
  readonly factoryOf?: NoStorageContext["factoryOf"];
  /** Whether a success of this queue gets a document, too. Default: none does. */
  readonly storesSuccess?: (queue: string) => boolean;
}

const operations: Operations<NoStorageContext> = {
  enqueue: ({ live }, jobs) => live.enqueue(jobs),
  claim,
  extend: ({ live }, holds, lease) => live.extend(holds, lease),
  settle,
  counts,
  get,
  find,
  select,
  cancel,
  edit,
  requeue,
  remove,
  purge: ({ live }, queue) => live.purge(queue),
  depart,
  leave,
  stay,
  receive: ({ live }, jobs, ...how) => live.receive(jobs, ...how),
  arrive: ({ live }, jobs) => live.arrive(jobs),
};

/** The no-storage mode: jobs live in a fast broker alone; a success is only counted, a failure is kept. */
export class NoStorageBroker extends ModeBroker<NoStorageContext> {
  constructor(options: NoStorageOptions) {
    const {
      live,
      keeping,
      store,
      outbox,
      warn = () => {},
      factoryOf = () => undefined,
      storesSuccess = () => false,
    } = options;
    const isStored = (queue: string, status: Status) => status !== "success" || storesSuccess(queue);
    const failures = store && new FailureHome(store, warn);
    super({ live, keeping, failures, factoryOf, isStored }, operations, outbox);
  }

  /** Does not wait for the store of failed jobs: the queues work without it. */
  async start(): Promise<void> {
    const { live, keeping } = this.context;
    await Promise.all([live.start(), keeping.start()]);
  }

  async close(): Promise<void> {
    const { live, keeping } = this.context;
    await Promise.all([live.close(), keeping.close()]);
  }
}
