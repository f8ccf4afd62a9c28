import type { Deployment, JobRef, LimitHold } from "@tandemq/core";

export interface PlacesOptions {
  readonly deployment: Pick<Deployment, "limiter" | "route">;
  readonly lease: number;
  readonly extendEvery: number;
  readonly onError: (error: unknown) => void;
}

/** The places under limits that this worker's deliveries hold: kept while they run, freed when they are over. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #held = new Map<string, readonly LimitHold[]>();
  readonly #releasing = new Set<Promise<void>>();
  #over: LimitHold[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  hold(token: string, holds: readonly LimitHold[]): void {
    this.#held.set(token, [...(this.#held.get(token) ?? []), ...holds]);
    this.#timer ??= setInterval(() => void this.#extend(), this.#options.extendEvery).unref();
  }

  /** The delivery is over. Places of the same moment are freed together. */
  free(token: string): void {
    if (this.#held.size === 0) return;
    const holds = this.#held.get(token);
    if (!holds) return;
    this.#held.delete(token);
    if (this.#over.length === 0) queueMicrotask(() => void this.#release());
    this.#over.push(...holds);
  }

  /** Frees places at once and wakes the jobs that get them. What fails is free when its lease is over. */
  async release(holds: readonly LimitHold[]): Promise<void> {
    if (holds.length === 0) return;
    const releasing = this.#options.deployment.limiter
      .release(holds)
      .then((jobs) => this.#tell(jobs))
      .catch(this.#options.onError);
    this.#releasing.add(releasing);
    await releasing;
    this.#releasing.delete(releasing);
  }

  /** Resolves when what was to be freed is free. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.allSettled(this.#releasing);
  }

  #release(): Promise<void> {
    return this.release(this.#over.splice(0));
  }

  /** A job that is told comes due now; one that is gone leaves its place to the next when the place's time is over. */
  async #tell(jobs: readonly JobRef[]): Promise<void> {
    const queues = new Map<string, JobRef[]>();
    for (const job of jobs) queues.set(job.queue, [...(queues.get(job.queue) ?? []), job]);
    const told = [...queues].map(async ([queue, refs]) => {
      const { broker } = await this.#options.deployment.route(queue);
      await broker.edit(refs, { due: { after: 0 } });
    });
    await Promise.all(told);
  }

  async #extend(): Promise<void> {
    const { deployment, lease, onError } = this.#options;
    const holds = [...this.#held.values()].flat();
    if (holds.length === 0) return;
    try {
      await deployment.limiter.extend(holds, lease);
    } catch (error) {
      onError(error);
    }
  }
}
