import type { Claim } from "@tandemq/core";

/** What tells one delivery from all others: those that were claimed together may have one token. */
type Own = Pick<Claim, "id" | "token">;

/** More than this are not held at a time: what is above belongs to claims whose answers came too late for anybody. */
const most = 10_000;

/** When those deliveries start (`performance.now()`) that were let go before their time. */
export class StartTimes {
  readonly #times = new Map<string, number>();

  set(claim: Own, at: number): void {
    if (this.#times.size >= most) this.#dropPast();
    this.#times.set(keyOf(claim), at);
  }

  /** `undefined`: at any time. */
  of(claim: Own): number | undefined {
    return this.#times.get(keyOf(claim));
  }

  drop(claim: Own): void {
    if (this.#times.size > 0) this.#times.delete(keyOf(claim));
  }

  get empty(): boolean {
    return this.#times.size === 0;
  }

  #dropPast(): void {
    const now = performance.now();
    for (const [delivery, at] of this.#times) if (at <= now) this.#times.delete(delivery);
  }
}

function keyOf({ id, token }: Own): string {
  return `${id} ${token}`;
}
