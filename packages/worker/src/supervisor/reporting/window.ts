/** The last figures of one kind, for percentiles. */
export class Window {
  readonly #figures: Float64Array;
  #count = 0;

  /** @param size figures kept. Default: 512. */
  constructor(size: number = 512) {
    this.#figures = new Float64Array(size);
  }

  add(figure: number): void {
    this.#figures[this.#count++ % this.#figures.length] = figure;
  }

  /** The figures at these shares of the window, 0 to 1; `null` while there are none. */
  percentiles(...shares: number[]): (number | null)[] {
    const sorted = this.#figures.slice(0, Math.min(this.#count, this.#figures.length)).sort();
    return shares.map((share) => rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]));
  }
}

function rounded(figure: number | undefined): number | null {
  return figure === undefined ? null : Math.round(figure * 100) / 100;
}
