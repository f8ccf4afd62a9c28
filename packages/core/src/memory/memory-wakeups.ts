import type { WakeupListener, Wakeups } from "../ports/wakeups.js";

/** Wake-ups between the brokers of one process. */
export class MemoryWakeups implements Wakeups {
  readonly #listeners = new Set<WakeupListener>();

  work(queues: readonly string[]): void {
    for (const listener of [...this.#listeners]) listener.onWork?.(queues);
  }

  finished(ids: readonly string[]): void {
    for (const listener of [...this.#listeners]) listener.onFinished?.(ids);
  }

  cancel(): void {
    for (const listener of [...this.#listeners]) listener.onCancel?.();
  }

  listen(listener: WakeupListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
