import { plainShape } from "@tandemq/core";
import type { HoldingBroker, JobStore, ProgressUpdate } from "@tandemq/core";
import { ModeBroker, type Operations } from "../mode-broker.js";
import type { RelayedOutbox } from "../outbox/relayed-outbox.js";
import { cancel } from "./cancel.js";
import { edit, remove, requeue } from "./change.js";
import { claim, removeOver } from "./claim.js";
import { enqueue } from "./enqueue.js";
import type { RawContext } from "./context.js";
import { extend } from "./extend.js";
import { HeldClaims } from "./held-claims.js";
import { LateStarts } from "./late-starts.js";
import { counts, find, get, select } from "./look.js";
import { arrive, depart, leave, receive, stay } from "./move.js";
import { purge } from "./purge.js";
import { recordProgress } from "./record-progress.js";
import { settle } from "./settle.js";
import { StoreHealth } from "./store-health.js";

export interface RawOptions extends Partial<Pick<RawContext, "shapeOf" | "factoryOf">> {
  /** Where jobs wait that are part of a transaction, if there is such a place. */
  readonly outbox?: RelayedOutbox | undefined;
}

const operations: Operations<RawContext> = {
  enqueue,
  claim,
  extend,
  settle,
  counts,
  get,
  find,
  select,
  cancel,
  edit,
  requeue,
  remove,
  purge,
  depart,
  leave,
  stay,
  receive,
  arrive,
};

/**
 * The raw mode: jobs wait in a fast broker and are documents in a store from their start on.
 *
 * Entry and document share the id and the generation. A death between any two steps (claimed, document started, run,
 * outcome stored, entry removed) loses nothing: the entry comes due again, and the document decides whether to run.
 */
export class RawBroker extends ModeBroker<RawContext> {
  constructor(live: HoldingBroker, store: JobStore, options: RawOptions = {}) {
    const { outbox, shapeOf = () => plainShape, factoryOf = () => undefined } = options;
    const health = new StoreHealth();
    const recordStarts: JobStore["recordStarts"] = (...args) => health.watch(() => store.recordStarts(...args));
    const late = new LateStarts({ recordStarts }, (claims) => void removeOver(this.context, claims).catch(() => {}));
    super({ live, store, held: new HeldClaims(), late, health, shapeOf, factoryOf }, operations, outbox);
  }

  async start(): Promise<void> {
    await Promise.all([this.context.live.start(), this.context.store.start()]);
  }

  async close(): Promise<void> {
    const { live, store, late } = this.context;
    late.close();
    await Promise.all([live.close(), store.close()]);
  }

  recordProgress(updates: readonly ProgressUpdate[]): Promise<void> {
    return recordProgress(this.context, updates);
  }
}
