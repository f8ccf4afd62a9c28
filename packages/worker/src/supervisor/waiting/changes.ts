/** Lets others wait until something about a changing thing is true. */
export class Changes {
  readonly #checks = new Set<() => void>();

  /** The thing has changed. */
  notify(): void {
    if (this.#checks.size > 0) for (const check of [...this.#checks]) check();
  }

  /** Resolves when `condition` is true, after `ms` milliseconds, or when the signal is aborted; tells which. */
  until(condition: () => boolean, ms: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (condition() || signal?.aborted) return resolve(condition());
      const end = (met: boolean) => {
        clearTimeout(timer);
        this.#checks.delete(check);
        signal?.removeEventListener("abort", quit);
        resolve(met);
      };
      const check = () => condition() && end(true);
      const quit = () => end(condition());
      const timer = setTimeout(quit, ms);
      this.#checks.add(check);
      signal?.addEventListener("abort", quit, { once: true });
    });
  }
}
