import type { Claim, SetAside } from "@tandemq/core";

/** More queues in one condition turn the merge of index ranges into a sort of everything that waits. */
export const maxQueues = 100;

/** So few free slots are filled one by one. */
export const fewSlots = 3;

/** What one claim call has gathered so far. */
export class Haul {
  readonly claims: Claim[] = [];
  readonly setAside: SetAside[] = [];
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get free(): number {
    return this.#max - this.claims.length;
  }
}
