import { deadStatuses } from "../model/status.js";
import type { Action } from "../actions/action.js";
import type { ActionFilter, ActionOptions, ActionVerb } from "../actions/action-options.js";
import { checkFilter } from "../actions/check-filter.js";
import { startAction } from "../actions/plan-action.js";
import {
  ClosedError,
  JobNotFoundError,
  TandemQError,
  NotSupportedError,
  InvalidOptionError,
} from "../errors/errors.js";
import type { Job, JobId, JobRef, NewJob } from "../model/job.js";
import { type ConsumeOptions, consumeSettings } from "../consume/consume-options.js";
import { Consumer } from "../consume/consumer.js";
import type { JsonObject } from "../model/json.js";
import type { Broker, ChangeAnswer, EnqueueAnswer, JobFilter } from "../ports/broker.js";
import type { Deployment, QueueRoute } from "../ports/deployment.js";
import type { JobLogLine, JobLogs } from "../ports/job-logs.js";
import type { WorkerRecord } from "../ports/registry.js";
import type { TransactionSession } from "../ports/session.js";
import { Redactor, type RedactRule } from "../redact/redactor.js";
import { defaultMaxBytes } from "../rules/check-json.js";
import { checkQueueName } from "../tasks/check-task-options.js";
import { enqueueThrough } from "../tasks/enqueue-through.js";
import type { Middleware } from "../tasks/middleware.js";
import type { Task } from "../tasks/task.js";
import type { TaskRules } from "../tasks/task-rules.js";
import type { ParamsAt, ResultAt, TaskPath } from "../tasks/task-types.js";
import { type CancelAnswer, cancelJobs, type CancelOptions } from "./cancel-jobs.js";
import { Coalescer } from "./coalescer.js";
import type { EnqueueOptions } from "./enqueue-options.js";
import { findJobs } from "./find-jobs.js";
import { JobHandle } from "./job-handle.js";
import { type LogFilter, readLog, type TailOptions, tailLog } from "./job-logs.js";
import { enqueueWithin } from "./enqueue-within.js";
import { enqueueInBatches } from "./enqueue-in-batches.js";
import { assertTakesMembers, type Member, newMember } from "./enqueue-members.js";
import { enqueueStream, type StreamOptions, type StreamResult } from "./enqueue-stream.js";
import { fitQueue } from "./fit-queue.js";
import { checkBySchema, hasSchema, makeNewJob, newJobMaker, type TaskName } from "./new-job.js";
import { QueueHandle } from "./queue-handle.js";
import { QueueTree } from "./queue-tree.js";
import { untilIdle, type UntilIdleOptions } from "./until-idle.js";
import { covers } from "../why/worker-fit.js";
import { ResultWaiter } from "./result-waiter.js";
import { Routes } from "./routes.js";
import type { Why } from "../why/reasons.js";
import { why } from "./why.js";

export interface ClientOptions {
  /** Largest params, in bytes of JSON. Default: 1 MiB. */
  readonly maxParamsBytes?: number;
  /** What the configuration says of tasks: where it names one, its queue and priority hold here. Default: nothing. */
  readonly taskRules?: TaskRules;
  /** Around every enqueue; the first is the outermost. Default: none. */
  readonly middleware?: readonly Middleware[];
  /** What `jobs`, `job` and `why` leave out: for programs that show jobs to people. Default: nothing. */
  readonly redact?: readonly RedactRule[];
}

/** Options of `enqueueMany`: the same for all jobs, or made for each. */
export type ManyOptions<P> = EnqueueOptions | ((params: P, index: number) => EnqueueOptions);

/** Path of jobs that are data for consumers. */
const dataPath = "data";

const batch = { items: 1000, bytes: 4_000_000, inFlight: 2 };

/** What a Node service uses to enqueue jobs and to look at them. Made by `createClient`. */
export class Client {
  readonly #deployment: Deployment;
  readonly #maxBytes: number;
  readonly #rules: TaskRules | undefined;
  readonly #middleware: readonly Middleware[];
  readonly #redactor: Redactor | undefined;
  readonly #routes: Routes;
  readonly #enqueues = new Map<Broker, Coalescer<NewJob, EnqueueAnswer>>();
  readonly #waiter: ResultWaiter;
  readonly #stopListening: () => void;
  readonly #actions = new Set<Action>();
  readonly #consumers = new Set<{ close(): Promise<void> }>();
  readonly #adding = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(deployment: Deployment, options: ClientOptions = {}) {
    this.#deployment = deployment;
    this.#maxBytes = options.maxParamsBytes ?? defaultMaxBytes;
    this.#rules = options.taskRules;
    this.#middleware = (options.middleware ?? []).filter(({ enqueue }) => enqueue);
    this.#redactor = options.redact?.length ? new Redactor(options.redact) : undefined;
    this.#routes = new Routes(deployment);
    this.#waiter = new ResultWaiter((refs) => this.#routes.get(refs));
    this.#stopListening = deployment.onFinished((ids) => this.#waiter.announce(ids));
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
    this.#assertOpen();
    if (hasSchema(task)) await checkBySchema(task, params);
    const job = makeNewJob(task, params, options, this.#maxBytes, this.#rules);
    const { session } = options;
    return this.#middleware.length === 0 ? this.#send(job, session) : this.#sendThrough(job, session);
  }

  /**
   * Adds many jobs, in order, with few calls to the store. All params are checked before the first job is added.
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
    this.#assertOpen();
    if (hasSchema(task))
      for (const [i, params] of list.entries()) await namingLater(i, () => checkBySchema(task, params));
    const jobs = this.#makeAll(task, list, options);
    const session = typeof options === "object" ? options.session : undefined;
    if (this.#middleware.length > 0) return Promise.all(jobs.map((job) => this.#sendThrough(job, session)));
    if (session) return this.#underWay(this.#addWithin(session, jobs));
    const { routes, answers } = await this.#underWay(this.#addAll(jobs));
    return jobs.map((job, i) => this.#handle(job, answers[i]!, routes[i]!));
  }

  /**
   * Adds what a source gives (an array, a generator, an async iterable such as the lines of a file), however much it is:
   * a thousand jobs are in memory at a time. A job that is refused is counted and named; the others go on.
   *
   * @returns the sums, and which items were refused
   * @throws what the source throws, and BrokerUnavailableError: then what `onProgress` told last has been added
   */
  enqueueAll<P extends object>(
    task: Task<P, unknown, never> | TaskPath,
    source: Iterable<P> | AsyncIterable<P>,
    options: ManyOptions<P> & StreamOptions = {},
  ): Promise<StreamResult> {
    this.#assertOpen();
    const { onProgress, ...rest } = options as StreamOptions & EnqueueOptions;
    const same = typeof options === "function" ? options : rest;
    const make = (params: P, index: number) => {
      const own = typeof same === "function" ? same(params, index) : same;
      return makeNewJob(task as TaskName, params, withoutSession(own), this.#maxBytes, this.#rules);
    };
    const add = async (jobs: readonly NewJob[]) => (await this.#addAll(jobs)).answers;
    return this.#underWay(enqueueStream(source, make, add, onProgress ? { onProgress } : {}));
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
    this.#assertOpen();
    checkQueueName(queue, "enqueueMembers");
    const route = await this.#routes.route(queue);
    assertTakesMembers(route);
    const add = (jobs: readonly NewJob[]) => route.broker.enqueue(jobs);
    return this.#underWay(enqueueStream(members, (member) => newMember(member, route), add, options));
  }

  /** Jobs that match, newest first, over all queues unless the filter names one. */
  async jobs(filter: JobFilter = {}): Promise<Job[]> {
    this.#assertOpen();
    checkFilter(filter, "jobs");
    return (await findJobs(this.#routes, filter)).map((job) => this.#shown(job));
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
    this.#assertOpen();
    const refs =
      queue === undefined ? (await this.#routes.lookAll()).map((look) => ({ id, queue: look.queue })) : [{ id, queue }];
    const job = (await this.#routes.get(refs)).find((one) => one !== undefined);
    return job && this.#shown(job);
  }

  /**
   * Why a job does not run: every reason there is, each with its data and a sentence. A job that runs, or is over, is
   * told so, too.
   *
   * @throws JobNotFoundError when no such job is known
   */
  async why(id: JobId, queue?: string): Promise<Why> {
    const job = await this.job(id, queue);
    if (!job) throw new JobNotFoundError(id);
    return why(job, await this.#routes.look(job.queue), this.#deployment.registry);
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
    return readLog(this.#jobLogs(), id, filter);
  }

  /**
   * The lines of {@link logs}, and those that follow until the job is over, or the signal is aborted.
   *
   * @throws NotSupportedError where there is no MongoDB
   */
  tail(id: JobId, options: TailOptions = {}): AsyncIterable<JobLogLine> {
    return tailLog(this.#jobLogs(), id, () => this.job(id, options.queue), options);
  }

  /** The handle of a job whose id and queue are known, for instance to wait for its result in another process. */
  async handle<R = unknown>(ref: JobRef): Promise<JobHandle<R>> {
    return new JobHandle<R>({ ...ref, created: false }, await this.#routes.look(ref.queue), this.#waiter, this.#cancel);
  }

  /** Puts finished jobs back in line, as new lives of the same jobs; one whose unique key is taken by now is `keyTaken`. */
  async requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    this.#assertOpen();
    return this.#routes.change(refs, (broker, some) => broker.requeue(some));
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
    this.#assertOpen();
    if (Array.isArray(which)) return this.#cancel(which as readonly JobRef[], options);
    const ref = typeof which === "string" ? await this.job(which) : (which as JobRef);
    return (ref && (await this.#cancel([ref], options))[0]) ?? "missing";
  }

  /**
   * Does something to all jobs that match, in the background: `cancel`, `requeue`, `remove`, `move` (with `to`, a queue
   * of any mode) or `edit` (with `params`, `priority`, `delay` or `at`). Only jobs that were there when the action
   * began, and none that run unless the filter's `status` names `started`.
   *
   * @throws InvalidOptionError, InvalidParamsError at once; `result()` rejects with what the stores refuse
   */
  action(verb: ActionVerb, filter: ActionFilter, options: ActionOptions = {}): Action {
    this.#assertOpen();
    const action = startAction(this.#routes, verb, filter, options, this.#maxBytes, this.#cancel);
    this.#actions.add(action);
    const forget = () => this.#actions.delete(action);
    action.result().then(forget, forget);
    return action;
  }

  /**
   * Takes jobs of a queue without a worker; each is settled by `done`, `fail`, `retry` or `giveBack`. Leaving the loop
   * gives back what was not settled.
   *
   * @throws InvalidOptionError
   */
  consume<P extends object = JsonObject>(queue: string, options: ConsumeOptions = {}): Consumer<P> {
    this.#assertOpen();
    checkQueueName(queue, "consume");
    return new Consumer<P>(queue, () => this.#routes.route(queue), consumeSettings(options), this.#consumers);
  }

  /** Adds plain data for {@link consume}: a job of no task. Throws as `enqueue` does. */
  put<P extends object>(queue: string, data: P, options: Omit<EnqueueOptions, "queue"> = {}): Promise<JobHandle> {
    return this.enqueue(dataPath, data, { ...options, queue });
  }

  /** One queue; a name that ends in `/` stands for all queues below it, those that appear later included. */
  queue(name: `${string}/`): QueueTree;
  queue(name: string): QueueHandle;
  queue(name: string): QueueHandle | QueueTree {
    if (name.endsWith("/")) return new QueueTree(name, this.#deployment);
    return new QueueHandle(name, () => this.#routes.look(name));
  }

  /**
   * Resolves when nothing is due and nothing runs in these queues, or trees such as `crawl/`.
   *
   * @param queues default: all
   * @throws NotIdleError when that takes longer than `timeout`
   */
  async untilIdle(queues: readonly string[] = [], options: UntilIdleOptions = {}): Promise<void> {
    this.#assertOpen();
    const isMeant = (queue: string) => queues.length === 0 || queues.some((name) => covers(name, queue));
    await untilIdle(async () => (await this.#deployment.look()).filter(({ queue }) => isMeant(queue)), options);
  }

  /** All queues that are recorded in the stores or configured by their full name. */
  async queues(): Promise<QueueHandle[]> {
    const looks = await this.#routes.lookAll();
    return looks.map((look) => new QueueHandle(look.queue, () => Promise.resolve(look)));
  }

  /**
   * Drops the record of a queue's mode and kind, so that the next use settles them anew. Jobs that wait in the old mode
   * stay where they are: purge or finish them first, and restart the programs that use the queue.
   */
  async forgetQueue(name: string): Promise<void> {
    this.#assertOpen();
    await this.#deployment.registry.forgetQueue(name);
  }

  /** Workers whose heartbeat is alive. */
  workers(): Promise<WorkerRecord[]> {
    return this.#deployment.registry.workers();
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
    for (const action of this.#actions) action.stop();
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await Promise.allSettled([...this.#actions].map((action) => action.result()));
    await Promise.allSettled(this.#adding);
    await Promise.all([...this.#enqueues.values()].map((coalescer) => coalescer.drained()));
    this.#stopListening();
    this.#waiter.close();
    await this.#deployment.close();
  }

  readonly #cancel = (refs: readonly JobRef[], options: CancelOptions): Promise<CancelAnswer[]> =>
    cancelJobs(this.#routes, this.#deployment.registry, refs, options);

  #jobLogs(): JobLogs {
    this.#assertOpen();
    const { logs } = this.#deployment;
    if (logs) return logs;
    throw new NotSupportedError(
      "log lines of jobs are kept in MongoDB, and none is configured (mongo, TANDEMQ_MONGO): they are in the worker's log stream alone",
    );
  }

  #makeAll<P extends object>(task: TaskName, list: readonly P[], options: ManyOptions<P>): NewJob[] {
    if (typeof options === "object" && options.id !== undefined && list.length > 1) {
      throw new InvalidOptionError("enqueueMany: id: one id for many jobs: give options as a function that makes each");
    }
    const [maxBytes, rules] = [this.#maxBytes, this.#rules];
    const make = typeof options === "function" ? undefined : newJobMaker(task, options, maxBytes, rules);
    const optionsOf = options as (params: P, i: number) => EnqueueOptions;
    const makeNth = (params: P, i: number) =>
      make ? make(params) : makeNewJob(task, params, withoutSession(optionsOf(params, i)), maxBytes, rules);
    return list.map((params, i) => naming(i, () => makeNth(params, i)));
  }

  #send(job: NewJob, session?: TransactionSession): Promise<JobHandle<unknown>> {
    if (session) return this.#underWay(this.#addWithin(session, [job]).then(([handle]) => handle!));
    const known = this.#routes.known(job.queue);
    return known ? this.#add(job, known) : this.#underWay(this.#addFirst(job));
  }

  #sendThrough(job: NewJob, session?: TransactionSession): Promise<JobHandle<unknown>> {
    return this.#underWay(enqueueThrough(this.#middleware, job, (whole) => this.#send(whole, session)));
  }

  /** The first job of a queue: its route is asked of the stores, and `close` waits for that, too. */
  async #addFirst(job: NewJob): Promise<JobHandle<unknown>> {
    return this.#add(job, await this.#routes.route(job.queue));
  }

  async #add(given: NewJob, route: QueueRoute): Promise<JobHandle<unknown>> {
    const job = fitQueue(given, route);
    return this.#handle(job, await this.#coalescer(route.broker).add(job, job.params.length), route);
  }

  async #addAll(jobs: readonly NewJob[]): Promise<{ routes: QueueRoute[]; answers: readonly EnqueueAnswer[] }> {
    const routes = await this.#routes.routeAll(jobs);
    return { routes, answers: await enqueueInBatches(jobs, routes) };
  }

  async #addWithin(session: TransactionSession, jobs: readonly NewJob[]): Promise<JobHandle<unknown>[]> {
    const routes = await this.#routes.routeAll(jobs);
    const answers = await enqueueWithin(session, jobs, routes);
    return jobs.map((job, i) => this.#handle(job, answers[i]!, routes[i]!));
  }

  /** Lets `close` wait for it. */
  async #underWay<T>(adding: Promise<T>): Promise<T> {
    this.#adding.add(adding);
    try {
      return await adding;
    } finally {
      this.#adding.delete(adding);
    }
  }

  #coalescer(broker: Broker): Coalescer<NewJob, EnqueueAnswer> {
    let coalescer = this.#enqueues.get(broker);
    if (!coalescer) {
      coalescer = new Coalescer((jobs: readonly NewJob[]) => broker.enqueue(jobs), batch);
      this.#enqueues.set(broker, coalescer);
    }
    return coalescer;
  }

  #handle(job: NewJob, answer: EnqueueAnswer, route: QueueRoute): JobHandle<unknown> {
    if (answer.state === "refused") throw answer.error;
    return new JobHandle({ ...answer, queue: job.queue }, route, this.#waiter, this.#cancel);
  }

  #shown(job: Job): Job {
    return this.#redactor?.job(job) ?? job;
  }

  #assertOpen(): void {
    if (this.#closed) throw new ClosedError("the client");
  }
}

/** All jobs of a call go into one transaction, or none does. */
function withoutSession(options: EnqueueOptions): EnqueueOptions {
  if (options.session === undefined) return options;
  throw new InvalidOptionError("enqueueMany: session: give it once for all jobs, not for each");
}

/** A mistake in one of many jobs says in which. */
function naming<T>(index: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof TandemQError) error.message = `job ${index}: ${error.message}`;
    throw error;
  }
}

async function namingLater(index: number, check: () => unknown): Promise<void> {
  try {
    await check();
  } catch (error) {
    naming(index, () => {
      throw error;
    });
  }
}
