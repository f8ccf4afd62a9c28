import type { Claim } from "@tandemq/core";

/** What tells one delivery from all others: those that were claimed together may have one token. */
type Own = Pick<Claim, "id" | "token">;

/** So many are held before it is looked which of them are past. */
const few = 64;

/**
 * When those deliveries start (`performance.now()`) that were let go before their time. What is past says nothing any more:
 * it is forgotten even where nobody tells that the delivery is over, as of a claim whose answer came too late for anybody.
 */
export class StartTimes {
  readonly #times = new Map<string, number>();
  #last = Number.NEGATIVE_INFINITY;
  #most = few;

  set(claim: Own, at: number): void {
    if (this.#times.size >= this.#most) this.#dropPast();
    this.#times.set(keyOf(claim), at);
    this.#last = Math.max(this.#last, at);
  }

  /** `undefined`: at any time. */
  of(claim: Own): number | undefined {
    return this.#times.get(keyOf(claim));
  }

  drop(claim: Own): void {
    if (!this.empty) this.#times.delete(keyOf(claim));
  }

  get empty(): boolean {
    if (this.#times.size > 0 && performance.now() >= this.#last) this.#times.clear();
    return this.#times.size === 0;
  }

  /** Twice as many as are still to come may be held until the next look: it costs little however many there are. */
  #dropPast(): void {
    const now = performance.now();
    for (const [delivery, at] of this.#times) if (at <= now) this.#times.delete(delivery);
    this.#most = Math.max(few, 2 * this.#times.size);
  }
}

function keyOf({ id, token }: Own): string {
  return `${id} ${token}`;
}
