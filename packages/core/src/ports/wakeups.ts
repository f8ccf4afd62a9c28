/**
 * Tells others that something happened; carries no job. A message may be lost or come twice: whoever listens looks
 * into the store, and looks by itself from time to time.
 */
export interface Wakeups {
  /** Work was added to these queues. Never rejects and need not be awaited. */
  work(queues: readonly string[]): void;
  /** Jobs came to an end. Never rejects and need not be awaited. */
  finished(ids: readonly string[]): void;
  /** Somebody asked for running jobs to be cancelled. Never rejects and need not be awaited. */
  cancel(): void;
  /** Calls back until the returned function is called. `lagged` messages (after a reconnect) mean: anything may have happened. */
  listen(listener: WakeupListener): () => void;
}

export interface WakeupListener {
  onWork?(queues: readonly string[]): void;
  onFinished?(ids: readonly string[]): void;
  onCancel?(): void;
  /** Messages may have been missed: look everywhere. */
  onLagged?(): void;
}
