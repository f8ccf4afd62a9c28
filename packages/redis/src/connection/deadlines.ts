interface Call {
  readonly until: number;
  readonly reject: (reason: Error) => void;
  isLate: boolean;
}

/** Whether the caller was told already that there is no answer. */
export type IsLate = () => boolean;

/** Calls that wait for an answer. All have the same time, so that one timer, for the oldest, stands for them. */
export class Deadlines {
  readonly #ms: number;
  readonly #calls = new Set<Call>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** What `ask` resolves to; a rejection when that takes too long. */
  within<T>(ask: (isLate: IsLate) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const call: Call = { until: performance.now() + this.#ms, reject, isLate: false };
      this.#calls.add(call);
      if (!this.#timer) this.#arm(this.#ms);
      ask(() => call.isLate).then(
        (answer) => {
          this.#calls.delete(call);
          resolve(answer);
        },
        (error: unknown) => {
          this.#calls.delete(call);
          reject(error);
        },
      );
    });
  }

  /** Ends every wait: a connection that was about to be made again tells nobody of its end. */
  close(): void {
    clearTimeout(this.#timer);
    for (const call of this.#calls) this.#end(call, "the connection is closed");
  }

  /** It need not keep the process alive: the connection that is waited for does. */
  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#tellLate(), Math.ceil(ms)).unref();
  }

  #tellLate(): void {
    const now = performance.now();
    this.#timer = undefined;
    for (const call of this.#calls) {
      if (call.until > now) return this.#arm(call.until - now);
      this.#end(call, "no answer in time");
    }
  }

  #end(call: Call, why: string): void {
    this.#calls.delete(call);
    call.isLate = true;
    call.reject(new Error(why));
  }
}
