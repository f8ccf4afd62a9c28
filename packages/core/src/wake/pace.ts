/** Times between looks that nobody asked for: short after something was found, longer and longer while nothing is. */
export class Pace {
  readonly #least: number;
  readonly #most: number;
  #current: number;

  /** @param least milliseconds after something was found @param most milliseconds in the long run */
  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
    this.#current = least;
  }

  /** Milliseconds until the next look. */
  get current(): number {
    return this.#current;
  }

  /** A look has found something. */
  found(): void {
    this.#current = this.#least;
  }

  /** A look has found nothing. */
  missed(): void {
    this.#current = Math.min(2 * this.#current, this.#most);
  }
}
