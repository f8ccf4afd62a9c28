import { type Deployment, type JobRef, type LimitHold, placeKeptFor } from "@tandemq/core";

/** Most limits that one look at all lines takes up. */
const mostLines = 100;

export interface LineOptions {
  /** So often all lines are looked at, milliseconds. */
  readonly lease: number;
  readonly deployment: Pick<Deployment, "limiter" | "route">;
  readonly onError: (error: unknown) => void;
}

interface Watched {
  readonly hold: LimitHold;
  /** `performance.now()` of the last telling. */
  readonly at: number;
}

/** The token of a place that is kept for a job that was told. */
const kept = "";

/** A job that is on its way back into line when it is told is told again so much later each time, milliseconds. */
const again = [50, 200, 800, 2_400];

/**
 * Frees places and calls the jobs that get them. One that is gone makes way for the next at once; where one does not come
 * in time (its queue is paused, no worker serves it, the store was away) the next is called later. Without that, those
 * behind it would wait as long as was estimated when they came.
 */
export class Line {
  readonly #options: LineOptions;
  readonly #watched = new Map<string, Watched>();
  /** Jobs that are to be told again. */
  readonly #later = new Map<NodeJS.Timeout, readonly JobRef[]>();
  #timer: NodeJS.Timeout | undefined;
  #looking: NodeJS.Timeout | undefined;
  /** Never rejects. */
  #looks: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /**
   * From now on, whoever waits under any limit is called when a place is free: who had it may have died before calling the
   * next, and nobody else would.
   */
  watchAll(): void {
    if (!this.#stopped)
      this.#looking ??= setInterval(() => this.#begin(this.#lookAtAll()), this.#options.lease).unref();
  }

  /** Rejects when a store was away: it is tried again later. */
  async release(holds: readonly LimitHold[]): Promise<void> {
    let freed = holds;
    try {
      while (freed.length > 0) {
        const told = await this.#options.deployment.limiter.release(freed);
        if (told.length === 0) return;
        this.#watch(freed);
        freed = keptFor(await this.#tell(told), holds);
      }
    } catch (error) {
      this.#watch(freed);
      throw error;
    }
  }

  /** Tells those who were to be told, or told again, for the last time: nobody knows of them but this worker. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#looking);
    const jobs = [...this.#later.values()].flat();
    for (const timer of this.#later.keys()) clearTimeout(timer);
    this.#later.clear();
    if (jobs.length > 0) await this.#tell(jobs).catch(this.#options.onError);
    await this.#looks;
  }

  #begin(look: Promise<void>): void {
    this.#looks = Promise.all([this.#looks, look]).then(() => undefined);
  }

  /** Jobs that are told come due now. @returns those that will not come */
  async #tell(jobs: readonly JobRef[], [wait, ...later]: readonly number[] = again): Promise<JobRef[]> {
    const queues = new Map<string, JobRef[]>();
    for (const job of jobs) queues.set(job.queue, [...(queues.get(job.queue) ?? []), job]);
    const told = [...queues].map(async ([queue, refs]) => {
      const { broker } = await this.#options.deployment.route(queue);
      const answers = await broker.edit(refs, { due: { after: 0 } });
      this.#tellLater(
        refs.filter((_, i) => answers[i] === "started" || answers[i] === "waiting"),
        wait,
        later,
      );
      return refs.filter((_, i) => answers[i] === "missing" || answers[i] === "final");
    });
    return (await Promise.all(told)).flat();
  }

  /** Who let them wait has not given them back yet: they would come due only when they were to look again. */
  #tellLater(jobs: readonly JobRef[], wait: number | undefined, later: readonly number[]): void {
    if (jobs.length === 0 || wait === undefined || this.#stopped) return;
    const timer = setTimeout(() => {
      this.#later.delete(timer);
      this.#tell(jobs, later).catch(this.#options.onError);
    }, wait).unref();
    this.#later.set(timer, jobs);
  }

  /** One hold of each limit: whoever looks at a limit again frees every place there that nobody has taken. */
  #watch(holds: readonly LimitHold[]): void {
    const at = performance.now();
    for (const hold of holds) if (hold.concurrency !== undefined) this.#watched.set(hold.limit, { hold, at });
    if (!this.#stopped) this.#timer ??= setTimeout(() => this.#begin(this.#look()), placeKeptFor).unref();
  }

  async #lookAtAll(): Promise<void> {
    try {
      await this.release(await this.#options.deployment.limiter.waiting(mostLines));
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #look(): Promise<void> {
    const before = performance.now() - placeKeptFor;
    const late = [...this.#watched.values()].filter(({ at }) => at <= before).map(({ hold }) => hold);
    for (const { limit } of late) this.#watched.delete(limit);
    await this.release(late).catch(this.#options.onError);
    this.#timer = undefined;
    if (this.#watched.size > 0) this.#watch([]);
  }
}

/** The places of these jobs, under whichever of the limits they are kept. */
function keptFor(jobs: readonly JobRef[], holds: readonly LimitHold[]): LimitHold[] {
  const limits = new Map(holds.map(({ limit, concurrency }) => [limit, concurrency]));
  return jobs.flatMap(({ id }) =>
    [...limits].flatMap(([limit, concurrency]) =>
      concurrency === undefined ? [] : [{ limit, id, token: kept, concurrency }],
    ),
  );
}
