import type { Claim, Hold } from "@tandemq/core";

/** The deliveries this process holds, so that a missing document can be made from them. */
export class HeldClaims {
  readonly #claims = new Map<string, Claim>();

  add(claims: readonly Claim[]): void {
    for (const claim of claims) this.#claims.set(nameOf(claim), claim);
  }

  get(hold: Hold): Claim | undefined {
    return this.#claims.get(nameOf(hold));
  }

  drop(hold: Hold): void {
    this.#claims.delete(nameOf(hold));
  }
}

function nameOf({ id, token }: Hold): string {
  return `${id} ${token}`;
}
