import type { JobRef, Token } from "../model/job.js";
import type { Broker } from "./broker.js";

/** A broker that can keep waiting jobs from being claimed, for a composition that ends them in another store first. */
export interface HoldingBroker extends Broker {
  /**
   * Holds waiting jobs: nobody claims them. Answers the token by which `settle` ends or gives back each, or why it is
   * not held. What is not settled within a few seconds stands in its own place again, and its next claim is `seen`.
   */
  hold(refs: readonly JobRef[]): Promise<HoldAnswer[]>;
  /** Drops what this broker keeps of failed jobs, once it is kept elsewhere; one that is in line again stays there. */
  forget(refs: readonly JobRef[]): Promise<void>;
}

/** `held`: somebody else holds it for the same purpose, and may let it go. */
export type HoldAnswer = { readonly token: Token } | "held" | "started" | "final" | "missing";
