/** The items one after the other, whoever asks: a source that takes time is not asked for two at once. */
export class Items<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;
  #over = false;

  constructor(items: Iterable<T> | AsyncIterable<T>) {
    this.#iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  }

  /** The next item with its place; `undefined` after the last. */
  next(): Promise<{ readonly item: T; readonly index: number } | undefined> {
    const next = this.#last.then(() => this.#take());
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Lets the source clean up, unless it has come to its end. */
  async close(): Promise<void> {
    await this.#last;
    if (!this.#over) await this.#iterator.return?.();
  }

  async #take(): Promise<{ item: T; index: number } | undefined> {
    if (this.#over) return undefined;
    this.#over = true;
    const { done, value } = await this.#iterator.next();
    if (done) return undefined;
    this.#over = false;
    return { item: value as T, index: this.#count++ };
  }
}
