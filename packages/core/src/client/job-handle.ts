import { codecOf } from "../codec/codec.js";
import {
  CodecError,
  JobFailedError,
  JobNotFoundError,
  NotSupportedError,
  ResultNotStoredError,
  ResultTimeoutError,
} from "../errors/errors.js";
import type { Job, JobId, JobRef } from "../model/job.js";
import type { Json } from "../model/json.js";
import type { EnqueueAnswer } from "../ports/broker.js";
import type { QueueRoute } from "../ports/deployment.js";
import { checkSignal } from "../rules/check-arguments.js";
import { startLongTimer } from "../rules/long-timer.js";
import { type Duration, toMs } from "../rules/duration.js";
import type { Stored } from "../tasks/task.js";
import { followProgress } from "./follow-progress.js";
import type { CancelAnswer, CancelOptions } from "./cancel-jobs.js";
import type { Show } from "./job-looker.js";
import type { ResultWaiter } from "./result-waiter.js";

export interface ResultOptions {
  /** Give up waiting after this time; the job goes on. Default: wait for ever. */
  readonly timeout?: Duration;
  readonly signal?: AbortSignal;
}

type Cancel = (refs: readonly JobRef[], options: CancelOptions) => Promise<CancelAnswer[]>;
type Enqueued = Extract<EnqueueAnswer, { state: "enqueued" }>;

/** What an enqueue did: it made the job, or met a living one of the same key. */
export type EnqueueOutcome = "created" | "kept" | "replaced" | "extended";

/** What the handles of one client share. */
export interface HandleTools {
  readonly waiter: ResultWaiter;
  /** Looks in all queues. */
  readonly find: (id: JobId) => Promise<Job | undefined>;
  readonly cancel: Cancel;
  readonly show: Show;
}

/** One enqueued job, as its producer holds it. A job that has moved to another queue is found there. */
export class JobHandle<R = unknown> implements JobRef {
  readonly id: JobId;
  readonly queue: string;
  /** `false`: the unique key was taken; this handle is the living job that has it. */
  readonly created: boolean;
  /** What the enqueue did: `kept`, `replaced` and `extended` tell what became of the job that has the key. */
  readonly outcome: EnqueueOutcome;
  readonly #route: QueueRoute;
  readonly #tools: HandleTools;

  constructor(
    queue: string,
    { id, created, change }: Pick<Enqueued, "id" | "created" | "change">,
    route: QueueRoute,
    tools: HandleTools,
  ) {
    this.id = id;
    this.queue = queue;
    this.created = created;
    this.outcome = created ? "created" : (change ?? "kept");
    this.#route = route;
    this.#tools = tools;
  }

  /**
   * Waits until the job is over and returns what its task returned.
   *
   * @throws ResultNotStoredError at once, when the queue's mode keeps no results
   * @throws JobFailedError when the job ended without success
   * @throws ResultTimeoutError when it is not over in time; it goes on
   * @throws JobNotFoundError when the job is gone
   * @throws CodecError when the result is encoded and this program cannot decode it
   */
  async result(options: ResultOptions = {}): Promise<Stored<R>> {
    const job = await this.finished(options);
    if (job.status !== "success") throw new JobFailedError(this.id, job.status, job.error);
    const codec = codecOf(job.result);
    if (codec !== undefined)
      throw new CodecError(`the result of job ${this.id} cannot be decoded: it is of codec "${codec}"`);
    return job.result as Stored<R>;
  }

  /** Waits until the job is over and returns it, however it ended. Throws as {@link result} does, but for failures. */
  async finished(options: ResultOptions = {}): Promise<Job> {
    if (!this.#route.keepsResults) throw new ResultNotStoredError(this.queue);
    const limit = this.#limit(options);
    try {
      return this.#tools.show(await this.#tools.waiter.wait(this, limit.signal));
    } finally {
      limit.clear();
    }
  }

  /**
   * The job as it is now.
   * @throws JobNotFoundError
   */
  async get(): Promise<Job> {
    const job = await this.#look();
    if (!job) throw new JobNotFoundError(this.id);
    return job;
  }

  /**
   * What the job tells of its progress, each value once, until it is over or the signal is aborted.
   *
   * @throws NotSupportedError when the queue's mode stores nothing of a running job
   */
  progress(signal?: AbortSignal): AsyncGenerator<Json, void> {
    if (!this.#route.keepsResults) {
      throw new NotSupportedError(
        `queue "${this.queue}" is a no-storage queue: the progress of its jobs stands in their worker's report only`,
      );
    }
    return followProgress(() => this.#look(), this.id, signal);
  }

  /** Ends the job with status `cancel`: at once if it waits, through its signal if it runs. See `Client.cancel`. */
  async cancel(options: CancelOptions = {}): Promise<CancelAnswer> {
    const [answer] = await this.#tools.cancel([this], options);
    if (answer !== undefined && answer !== "missing") return answer;
    const moved = await this.#tools.find(this.id);
    return (moved && (await this.#tools.cancel([moved], options))[0]) ?? "missing";
  }

  async #look(): Promise<Job | undefined> {
    const [here] = await this.#route.broker.get([this]);
    const job = here ?? (await this.#tools.find(this.id));
    return job && this.#tools.show(job);
  }

  #limit({ timeout, signal }: ResultOptions): {
    signal: AbortSignal;
    clear: () => void;
  } {
    checkSignal(signal, "result");
    const controller = new AbortController();
    const signals = signal ? [signal, controller.signal] : [controller.signal];
    const ms = timeout === undefined ? undefined : toMs(timeout, "result: timeout");
    const late = () => controller.abort(new ResultTimeoutError(this.id, ms ?? 0));
    const clear = ms === undefined ? () => {} : startLongTimer(ms, late);
    return { signal: AbortSignal.any(signals), clear };
  }
}
