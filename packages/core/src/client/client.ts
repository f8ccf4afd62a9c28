import type { Action } from "../actions/action.js";
import type { ActionFilter, ActionOptions, ActionVerb } from "../actions/action-options.js";
import { type ConsumeOptions, consumeSettings } from "../consume/consume-options.js";
import { Consumer } from "../consume/consumer.js";
import { ClosedError } from "../errors/errors.js";
import type { JobId, JobRef, NewJob } from "../model/job.js";
import type { JsonObject } from "../model/json.js";
import type { ChangeAnswer } from "../ports/broker.js";
import type { Deployment } from "../ports/deployment.js";
import { checkQueueName } from "../tasks/check-task-options.js";
import type { Task } from "../tasks/task.js";
import type { ParamsAt, ResultAt, TaskPath } from "../tasks/task-types.js";
import type { CancelAnswer, CancelOptions } from "./cancel-jobs.js";
import type { ClientOptions, ManyOptions } from "./client-options.js";
import { enqueueMembers, type Member } from "./enqueue-members.js";
import type { EnqueueOptions } from "./enqueue-options.js";
import { enqueueStream, type StreamOptions, type StreamResult } from "./enqueue-stream.js";
import { dataPath } from "../rules/data-path.js";
import { JobHandle } from "./job-handle.js";
import { checkBySchema, hasSchema, type TaskName } from "./new-job.js";
import { type ClientRooms, openRooms } from "./client-rooms.js";
import { ClientViews } from "./client-views.js";

export type { ClientOptions, ManyOptions } from "./client-options.js";

/** What a Node service uses to enqueue jobs and to look at them. Made by `createClient`. */
export class Client extends ClientViews {
  readonly #rooms: ClientRooms;
  readonly #stopListening: () => void;
  readonly #consumers = new Set<{ close(): Promise<void> }>();
  #closed: Promise<void> | undefined;

  constructor(deployment: Deployment, options: ClientOptions = {}) {
    const rooms = openRooms(deployment, options);
    super(rooms);
    this.#rooms = rooms;
    this.#stopListening = deployment.onFinished((ids) => rooms.waiter.announce(ids));
  }

  /**
   * Adds a job. When the promise resolves the store has acknowledged it.
   *
   * @param task a task, or its path when its code is elsewhere
   * @throws InvalidParamsError, InvalidOptionError, QueueUnknownError, QueueMismatchError, BrokerUnavailableError
   */
  enqueue<P extends object, R>(
    task: Task<P, R, never>,
    params: NoInfer<P>,
    options?: EnqueueOptions,
  ): Promise<JobHandle<R>>;
  enqueue<Path extends TaskPath>(
    path: Path,
    params: ParamsAt<Path>,
    options?: EnqueueOptions,
  ): Promise<JobHandle<ResultAt<Path>>>;
  async enqueue(task: TaskName, params: object, options: EnqueueOptions = {}): Promise<JobHandle<unknown>> {
    this.assertOpen();
    if (hasSchema(task)) return this.#rooms.adder.underWay(this.#enqueueChecked(task, params, options));
    return this.#rooms.adder.add(this.#rooms.maker.make(task, params, options), options.session);
  }

  /**
   * Adds a list of jobs, in order, with few calls to the store. All are checked before the first is added;
   * {@link enqueueAll} is for more than fits in memory.
   *
   * @returns one handle per job, in the order of `list`
   * @throws as `enqueue`; when the store refuses some jobs, the others are added and the first refusal is thrown
   */
  enqueueMany<P extends object, R>(
    task: Task<P, R, never>,
    list: readonly NoInfer<P>[],
    options?: ManyOptions<P>,
  ): Promise<JobHandle<R>[]>;
  enqueueMany<Path extends TaskPath>(
    path: Path,
    list: readonly ParamsAt<Path>[],
    options?: ManyOptions<ParamsAt<Path>>,
  ): Promise<JobHandle<ResultAt<Path>>[]>;
  async enqueueMany<P extends object>(
    task: TaskName,
    list: readonly P[],
    options: ManyOptions<P> = {},
  ): Promise<JobHandle<unknown>[]> {
    this.assertOpen();
    const session = typeof options === "object" ? options.session : undefined;
    const jobs = this.#rooms.maker.makeAll(task, list, options);
    return this.#rooms.adder.underWay(jobs.then((all) => this.#rooms.adder.addAll(all, session)));
  }

  /**
   * Adds what a source gives (an array, a generator, an async iterable such as the lines of a file), however much it is:
   * a thousand jobs are in memory at a time. A job that is refused is counted and named; the others go on.
   *
   * @param options the same for all, without `id` and `session`; or a function of `(params, index)` that makes each
   * @returns the sums, and which items were refused: by a schema, a middleware, their options, their queue or the store
   * @throws InvalidOptionError for options that are the same for all; what the source throws; BrokerUnavailableError: then
   *   what `onProgress` told last has been added
   */
  async enqueueAll<P extends object>(
    task: Task<P, unknown, never> | TaskPath,
    source: Iterable<P> | AsyncIterable<P>,
    options: ManyOptions<P> & StreamOptions = {},
  ): Promise<StreamResult> {
    this.assertOpen();
    const { onProgress, ...rest } = options as StreamOptions & EnqueueOptions;
    const make = this.#rooms.maker.makeEach<P>(task as TaskName, typeof options === "function" ? options : rest);
    const add = (jobs: readonly NewJob[]) => this.#rooms.adder.addEach(jobs);
    return this.#rooms.adder.underWay(enqueueStream(source, make, add, onProgress ? { onProgress } : {}));
  }

  /**
   * Adds bare texts to a raw or no-storage queue, whose `factory` turns each into a job when it is claimed. In a `set` and
   * a `timed` queue a member is its own key: it is there once, and adding it to a `timed` one again moves it.
   *
   * @throws NotSupportedError for a regular queue; InvalidOptionError for what cannot be a member
   */
  async enqueueMembers(
    queue: string,
    members: Iterable<string | Member> | AsyncIterable<string | Member>,
    options: StreamOptions = {},
  ): Promise<StreamResult> {
    this.assertOpen();
    checkQueueName(queue, "enqueueMembers");
    const route = this.#rooms.routes.route(queue);
    return this.#rooms.adder.underWay(route.then((known) => enqueueMembers(known, members, options)));
  }

  /** Puts finished jobs back in line, as new lives of the same jobs; one whose unique key is taken by now is `keyTaken`. */
  async requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    this.assertOpen();
    return this.#rooms.changer.requeue(refs);
  }

  /**
   * Ends jobs with status `cancel`: one that waits at once; one that runs through its signal within about a second, and
   * by force if it does not end then. A request survives restarts, retries and late workers until the job is over.
   *
   * @param which an id, a job, or a list of jobs; a job's queue makes the look-up cheaper
   * @returns for each what became of it: `done`, `requested` (it runs), or why not
   * @throws InvalidOptionError
   */
  cancel(which: JobId | JobRef, options?: CancelOptions): Promise<CancelAnswer>;
  cancel(which: readonly JobRef[], options?: CancelOptions): Promise<CancelAnswer[]>;
  async cancel(
    which: JobId | JobRef | readonly JobRef[],
    options: CancelOptions = {},
  ): Promise<CancelAnswer | CancelAnswer[]> {
    this.assertOpen();
    if (Array.isArray(which)) return this.#rooms.changer.cancel(which as readonly JobRef[], options);
    const ref = typeof which === "string" ? await this.job(which) : (which as JobRef);
    return (ref && (await this.#rooms.changer.cancel([ref], options))[0]) ?? "missing";
  }

  /**
   * Does something to all jobs that match, in the background: `cancel`, `requeue`, `remove`, `move` (with `to`, a queue
   * of any mode) or `edit` (with `params`, `priority`, `tags`, `delay` or `at`). Only jobs that were there when the action
   * began, and none that run unless the filter's `status` names `started`.
   *
   * @throws InvalidOptionError, InvalidParamsError at once; `result()` rejects with what the stores refuse
   */
  action(verb: ActionVerb, filter: ActionFilter, options: ActionOptions = {}): Action {
    this.assertOpen();
    return this.#rooms.changer.action(verb, filter, options);
  }

  /**
   * Takes jobs of a queue without a worker; each is settled by `done`, `fail`, `retry` or `giveBack`. Leaving the loop
   * gives back what was not settled. Where jobs were encoded and this program has no codec, the loop rejects with a
   * CodecError and they go back.
   *
   * @throws InvalidOptionError
   */
  consume<P extends object = JsonObject>(queue: string, options: ConsumeOptions = {}): Consumer<P> {
    this.assertOpen();
    checkQueueName(queue, "consume");
    return new Consumer<P>(queue, () => this.#rooms.routes.route(queue), consumeSettings(options), this.#consumers);
  }

  /** Adds plain data for {@link consume}: a job of no task. Throws as `enqueue` does. */
  put<P extends object>(queue: string, data: P, options: Omit<EnqueueOptions, "queue"> = {}): Promise<JobHandle> {
    return this.enqueue(dataPath, data, { ...options, queue });
  }

  /**
   * Drops the record of a queue's mode and kind, so that the next use settles them anew. Jobs that wait in the old mode
   * stay where they are: purge or finish them first, and restart the programs that use the queue.
   */
  async forgetQueue(name: string): Promise<void> {
    this.assertOpen();
    await this.#rooms.deployment.registry.forgetQueue(name);
  }

  /** Waits for the enqueues under way, ends actions after their batch under way, then ends every connection. May be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const stopped = this.#rooms.changer.stop();
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await stopped;
    await this.#rooms.adder.drained();
    this.#stopListening();
    this.#rooms.waiter.close();
    await this.#rooms.deployment.close();
  }

  async #enqueueChecked(task: TaskName, params: object, options: EnqueueOptions): Promise<JobHandle<unknown>> {
    await checkBySchema(task, params);
    return this.#rooms.adder.add(this.#rooms.maker.make(task, params, options), options.session);
  }

  protected override assertOpen(): void {
    if (this.#closed) throw new ClosedError("the client");
  }
}
