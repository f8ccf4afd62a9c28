import type { Claim, Hold, Token } from "@tandemq/core";

/** A delivery that was handed out here and is not settled. */
export interface Held {
  readonly claim: Claim;
  readonly worker: string;
  /** When it was handed out, by `performance.now()`. */
  readonly since: number;
  /** When its lease ends unless it is extended, by `performance.now()`: until then nobody else can have the job. */
  until: number;
  /**
   * What is to become of a start that is not recorded: it is `due` to be, is `left` to the outcome, or something is being
   * written. Absent: it is recorded.
   */
  start?: "due" | "left" | Promise<void>;
}

/**
 * The claims that were handed out here and are not settled: a document that is missing, because its start was not
 * recorded or was rolled back, is made from its claim.
 */
export class HeldClaims {
  readonly #held = new Map<Token, Held>();

  add(held: Held): void {
    this.#held.set(held.claim.token, held);
  }

  get({ id, token }: Hold): Held | undefined {
    const held = this.#held.get(token);
    return held?.claim.id === id ? held : undefined;
  }

  /** Fenced by the id as well: a token with another job's id is nobody's hold. */
  drop(hold: Hold): void {
    if (this.get(hold)) this.#held.delete(hold.token);
  }
}
