/** Numbers that look random and are the same for the same seed (mulberry32), so that a red run can be run again. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1, 1 excluded. */
  share() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min, max) {
    return min + Math.floor(this.share() * (max - min + 1));
  }

  pick(list) {
    return list[this.between(0, list.length - 1)];
  }
}
