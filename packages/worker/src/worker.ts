import { ClosedError } from "@tandemq/core";
import { Emitter, type WorkerEnd, type WorkerEvents } from "./events.js";
import { type WorkerOptions, type WorkerSettings, workerSettings } from "./options.js";
import type { WorkerReport } from "./supervisor/reporting/report.js";
import type { StopHow } from "./supervisor/stopping/shutdown.js";
import { Supervisor } from "./supervisor/supervisor.js";

/**
 * A worker: claims jobs of its queues and runs them, in child processes or in this one.
 *
 * @throws InvalidOptionError for the first option that is unknown or out of its range
 */
export function createWorker(options: WorkerOptions): Worker {
  return new Worker(workerSettings(options));
}

export class Worker implements AsyncDisposable {
  readonly #supervisor: Supervisor;
  readonly #events: Emitter<WorkerEvents>;
  readonly #settings: WorkerSettings;
  readonly #stopped: { promise: Promise<WorkerEnd>; resolve(end: WorkerEnd): void } = deferred();
  readonly #ready: { promise: Promise<void>; resolve(value: void): void } = deferred();
  readonly #cancel: { promise: Promise<void>; resolve(value: void): void } = deferred();
  #starting: Promise<void> | undefined;
  #over = false;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
    this.#events = new Emitter((error) => settings.logger.error({ err: error }, "an event listener threw"));
    this.#supervisor = new Supervisor(settings, this.#events);
  }

  /** Unique per worker: what its claims are made under. */
  get id(): string {
    return this.#settings.session;
  }

  /** Jobs that can run at a time. */
  get slots(): number {
    const { concurrency, processes } = this.#settings;
    return concurrency * Math.max(1, processes);
  }

  /** `starting`, `running`, `stopping`. */
  get state(): string {
    return this.#supervisor.state;
  }

  /** Resolves when the first job can run. Stays pending when the worker cannot start. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves with how the worker ended; never rejects. */
  get stopped(): Promise<WorkerEnd> {
    return this.#stopped.promise;
  }

  /** What the next heartbeat will tell. `undefined` until the worker is ready. */
  report(): WorkerReport | undefined {
    return this.#supervisor.report();
  }

  /**
   * Calls the listener of each event of this name. What it throws, or rejects with, is logged and harms nobody; nothing waits
   * for what it returns.
   *
   * @returns a function that removes the listener
   */
  on<K extends keyof WorkerEvents>(event: K, listener: (...args: WorkerEvents[K]) => unknown): () => void {
    return this.#events.on(event, listener);
  }

  /**
   * Starts stores and children; resolves when the first job can run.
   * Rejects with the store's own error, with a TaskLoadError when the tasks cannot be used, or with a ClosedError when
   * the worker is stopped meanwhile.
   */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /**
   * Ends the worker. `drain` (default): finish what runs, up to the drain limit, then as `abort`: abort the tasks by
   * their signals and give their jobs back. `kill`: end their processes now. May be called again with a later stage.
   */
  stop(how: StopHow = "drain"): Promise<WorkerEnd> {
    if (!this.#starting) this.#end({ code: 0, givenBack: 0 });
    else if (this.#supervisor.state === "starting") this.#cancel.resolve();
    else void this.#supervisor.stop(how);
    return this.#stopped.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #start(): Promise<void> {
    void this.#supervisor.stopped.then((end) => this.#end(end));
    const cancelled = this.#cancel.promise.then(() => Promise.reject(new ClosedError("the worker")));
    try {
      await Promise.race([this.#supervisor.start(), cancelled]);
    } catch (error) {
      await this.#supervisor.abandon();
      this.#end(error instanceof ClosedError ? { code: 0, givenBack: 0 } : { code: 1, givenBack: 0, error });
      throw error;
    }
    const { logger, queues, concurrency, processes } = this.#settings;
    const served = queues.length > 0 ? queues : "all";
    logger.info({ queues: served, concurrency, processes }, "the worker is ready");
    this.#ready.resolve();
    this.#events.emit("ready");
  }

  #end(end: WorkerEnd): void {
    if (this.#over) return;
    this.#over = true;
    void this.#release().then(() => {
      this.#stopped.resolve(end);
      this.#events.emit("stopped", end);
    });
  }

  async #release(): Promise<void> {
    await this.#settings
      .release()
      .catch((error: unknown) => this.#settings.logger.error({ err: error }, "release failed"));
  }
}

function deferred<T>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
