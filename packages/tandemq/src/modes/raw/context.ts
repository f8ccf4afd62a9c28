import type { Broker, Claim, Hold, JobStore, ShapeOf } from "@tandemq/core";
import type { FactoryOf } from "../members.js";

/** What the operations of a raw broker work on. */
export interface RawContext {
  /** The entries: jobs in line and leases. */
  readonly live: Broker;
  /** The documents, which decide how a job ended. */
  readonly store: JobStore;
  readonly held: HeldClaims;
  /** How each queue is ordered. */
  readonly shapeOf: ShapeOf;
  readonly factoryOf: FactoryOf;
}

/** The claims that were handed out here and are not settled: a document that was rolled back is made from its claim. */
export class HeldClaims {
  readonly #claims = new Map<string, Claim>();

  add(claims: readonly Claim[]): void {
    for (const claim of claims) this.#claims.set(keyOf(claim), claim);
  }

  get(hold: Hold): Claim | undefined {
    return this.#claims.get(keyOf(hold));
  }

  drop(hold: Hold): void {
    this.#claims.delete(keyOf(hold));
  }
}

function keyOf({ id, token }: Hold): string {
  return `${id} ${token}`;
}
