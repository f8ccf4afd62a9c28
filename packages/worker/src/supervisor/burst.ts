import type { Source } from "@tandemq/core";

/** Knows when a worker that ends when nothing is due may end: every source looked since the last job was settled. */
export class Burst {
  readonly #empty = new Map<Source, number>();
  readonly #sources: readonly Source[];
  #lastSettled = 0;

  constructor(sources: readonly Source[]) {
    this.#sources = sources;
  }

  /** @param began when the claim that found nothing began */
  sawEmpty(source: Source, began: number): void {
    this.#empty.set(source, began);
  }

  settled(): void {
    this.#lastSettled = performance.now();
  }

  get over(): boolean {
    return this.#sources.every((source) => (this.#empty.get(source) ?? -1) >= this.#lastSettled);
  }
}
