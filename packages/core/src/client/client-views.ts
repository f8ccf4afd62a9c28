import type { Job, JobId, JobRef } from "../model/job.js";
import { deadStatuses } from "../model/status.js";
import type { JobFilter } from "../ports/broker.js";
import type { JobLogLine } from "../ports/job-logs.js";
import type { WorkerRecord } from "../ports/registry.js";
import { checkQueueOrTree, checkQueues, checkRefs } from "../rules/check-arguments.js";
import type { Why } from "../why/reasons.js";
import { covers } from "../why/worker-fit.js";
import type { ClientRooms } from "./client-rooms.js";
import { JobHandle } from "./job-handle.js";
import type { LogFilter, TailOptions } from "./job-logs.js";
import { QueueHandle } from "./queue-handle.js";
import { QueueTree } from "./queue-tree.js";
import { untilIdle, type UntilIdleOptions } from "./until-idle.js";

/** What a {@link Client} shows: jobs, queues and workers. */
export abstract class ClientViews {
  readonly #rooms: ClientRooms;

  constructor(rooms: ClientRooms) {
    this.#rooms = rooms;
  }

  /** @throws ClosedError */
  protected abstract assertOpen(): void;

  /** Jobs that match, newest first (of those queued in one moment, the highest id), over all queues unless the filter names one. */
  async jobs(filter: JobFilter = {}): Promise<Job[]> {
    this.assertOpen();
    return this.#rooms.looker.jobs(filter);
  }

  /**
   * Jobs that ended without success and not on purpose (`failed`, `timeout`, `maxretries`, `expired`), newest first.
   * `action("requeue", filter)` gives them another life.
   */
  deadLetters(filter: Omit<JobFilter, "status" | "order"> = {}): Promise<Job[]> {
    return this.jobs({ ...filter, status: deadStatuses });
  }

  /** One job by its id, wherever it is; the queue makes the look-up cheaper. `undefined` when it is not known. */
  async job(id: JobId, queue?: string): Promise<Job | undefined> {
    this.assertOpen();
    return this.#rooms.looker.job(id, queue);
  }

  /**
   * Why a job does not run: every reason there is, each with its data and a sentence. A job that runs, or is over, is
   * told so, too.
   *
   * @throws JobNotFoundError when no such job is known
   */
  async why(id: JobId, queue?: string): Promise<Why> {
    this.assertOpen();
    return this.#rooms.looker.why(id, queue);
  }

  /** The jobs that the runs of this job enqueued, newest first; at most `limit` (100). */
  children(id: JobId, filter: Omit<JobFilter, "parent"> = {}): Promise<Job[]> {
    return this.jobs({ ...filter, parent: id });
  }

  /**
   * What the job's runs wrote to `job.log`, oldest first: the last 1,000 lines. Written while it runs, about a second
   * late. Of a no-storage job the lines of failed runs are kept, and only them.
   *
   * @throws NotSupportedError where there is no MongoDB: the lines are in the worker's log stream alone
   */
  async logs(id: JobId, filter: LogFilter = {}): Promise<JobLogLine[]> {
    this.assertOpen();
    return this.#rooms.looker.logs(id, filter);
  }

  /**
   * The lines of {@link logs}, and those that follow until the job is over, or the signal is aborted.
   *
   * @throws NotSupportedError where there is no MongoDB
   */
  tail(id: JobId, options: TailOptions = {}): AsyncIterable<JobLogLine> {
    this.assertOpen();
    return this.#rooms.looker.tail(id, options);
  }

  /** The handle of a job whose id and queue are known, for instance to wait for its result in another process. */
  async handle<R = unknown>(ref: JobRef): Promise<JobHandle<R>> {
    checkRefs([ref], "handle");
    const look = await this.#rooms.routes.look(ref.queue);
    return new JobHandle<R>(ref.queue, { id: ref.id, created: false }, look, this.#rooms.tools);
  }

  /**
   * One queue; a name that ends in `/` stands for all queues below it, those that appear later included.
   *
   * @throws InvalidOptionError for what cannot be a queue's name
   */
  queue(name: `${string}/`): QueueTree;
  queue(name: string): QueueHandle;
  queue(name: string): QueueHandle | QueueTree {
    checkQueueOrTree(name, "queue");
    if (name.endsWith("/")) return new QueueTree(name, this.#rooms.deployment);
    return new QueueHandle(name, () => this.#rooms.routes.look(name), this.#rooms.looker.show);
  }

  /**
   * Resolves when nothing is due and nothing runs in these queues, or trees such as `crawl/`. Jobs that a limit holds
   * back for at most a minute are waited for, too.
   *
   * @param queues default: all
   * @throws NotIdleError when that takes longer than `timeout`; InvalidOptionError
   */
  async untilIdle(queues: readonly string[] = [], options: UntilIdleOptions = {}): Promise<void> {
    this.assertOpen();
    checkQueues(queues);
    const isMeant = (queue: string) => queues.length === 0 || queues.some((name) => covers(name, queue));
    await untilIdle(async () => (await this.#rooms.deployment.look()).filter(({ queue }) => isMeant(queue)), options);
  }

  /** All queues that are recorded in the stores or configured by their full name. */
  async queues(): Promise<QueueHandle[]> {
    const looks = await this.#rooms.routes.lookAll();
    return looks.map((look) => new QueueHandle(look.queue, () => Promise.resolve(look), this.#rooms.looker.show));
  }

  /** Workers whose heartbeat is alive. */
  workers(): Promise<WorkerRecord[]> {
    return this.#rooms.deployment.registry.workers();
  }
}
