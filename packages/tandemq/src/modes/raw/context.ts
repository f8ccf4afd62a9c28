import type { Hold, HoldingBroker, JobStore, ShapeOf } from "@tandemq/core";
import type { FactoryOf } from "../members.js";
import type { HeldClaims } from "./held-claims.js";
import type { LateStarts } from "./late-starts.js";
import type { StoreHealth } from "./store-health.js";

/** What the operations of a raw broker work on. */
export interface RawContext {
  /** The entries: jobs in line and leases. */
  readonly live: HoldingBroker;
  /** The documents, which decide how a job ended. */
  readonly store: JobStore;
  readonly held: HeldClaims;
  /** Of jobs that may run before their document is there. */
  readonly late: LateStarts;
  /** Whether the documents can be written. */
  readonly health: StoreHealth;
  /** How each queue is ordered. */
  readonly shapeOf: ShapeOf;
  readonly factoryOf: FactoryOf;
}

/** The delivery is over, for whoever held it here. */
export function letGo({ held, late }: RawContext, hold: Hold): void {
  const found = held.get(hold);
  if (found) late.drop(found);
  held.drop(hold);
}
