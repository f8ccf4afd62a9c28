/**
 * The count of the jobs that began in a child, in memory that its two threads share. The watch thread closes it when the
 * supervisor takes back what waits: it does so while the main thread is held, and no job begins after that. Which jobs
 * those are the count tells, as jobs begin in the order in which they were sent.
 */
const closed = 0x4000_0000;

/** Counts of jobs begin again at 0 after this one. */
export const countMask = 0x3fff_ffff;

export class Gate {
  readonly #cell: Int32Array;
  #begun = 0;

  constructor(cell: Int32Array) {
    this.#cell = cell;
  }

  /** One more job begins. `false`: none may, until the gate is opened. */
  pass(): boolean {
    const next = (this.#begun + 1) & countMask;
    if (Atomics.compareExchange(this.#cell, 0, this.#begun, next) !== this.#begun) return false;
    this.#begun = next;
    return true;
  }

  open(): void {
    Atomics.store(this.#cell, 0, this.#begun);
  }
}

/** @returns how many jobs have begun; no other does */
export function closeGate(cell: Int32Array): number {
  return Atomics.or(cell, 0, closed) & countMask;
}
