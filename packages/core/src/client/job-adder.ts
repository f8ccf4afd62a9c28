import { BrokerUnavailableError } from "../errors/errors.js";
import type { NewJob } from "../model/job.js";
import type { Broker, EnqueueAnswer } from "../ports/broker.js";
import type { QueueRoute } from "../ports/deployment.js";
import type { TransactionSession } from "../ports/session.js";
import { enqueueThrough } from "../tasks/enqueue-through.js";
import type { Middleware } from "../tasks/middleware.js";
import { Coalescer } from "./coalescer.js";
import { enqueueEach, refused } from "./enqueue-each.js";
import { enqueueInBatches } from "./enqueue-in-batches.js";
import { enqueueWithin } from "./enqueue-within.js";
import { fitQueue } from "./fit-queue.js";
import type { JobHandle } from "./job-handle.js";
import type { Routes } from "./routes.js";

const batch = { items: 1000, bytes: 4_000_000, inFlight: 2 };

type Enqueued = Extract<EnqueueAnswer, { state: "enqueued" }>;
/** Makes the handle of a job that was added, or met one of its key. */
export type HandleOf = (job: NewJob, answer: Enqueued, route: QueueRoute) => JobHandle<unknown>;

/** Sends jobs through the middleware to the brokers of their queues: jobs of one moment share a call. */
export class JobAdder {
  readonly #routes: Routes;
  readonly #middleware: readonly Middleware[];
  readonly #handleOf: HandleOf;
  readonly #coalescers = new Map<Broker, Coalescer<NewJob, EnqueueAnswer>>();
  readonly #adding = new Set<Promise<unknown>>();

  constructor(routes: Routes, middleware: readonly Middleware[], handleOf: HandleOf) {
    this.#routes = routes;
    this.#middleware = middleware.filter(({ enqueue }) => enqueue);
    this.#handleOf = handleOf;
  }

  add(job: NewJob, session?: TransactionSession): Promise<JobHandle<unknown>> {
    return this.#middleware.length === 0 ? this.#send(job, session) : this.#sendThrough(job, session);
  }

  /** One handle per job; a refusal is thrown when all others are added. */
  async addAll(jobs: readonly NewJob[], session?: TransactionSession): Promise<JobHandle<unknown>[]> {
    if (this.#middleware.length > 0) return Promise.all(jobs.map((job) => this.#sendThrough(job, session)));
    return this.underWay(session ? this.#addWithin(session, jobs) : this.#addInBatches(jobs));
  }

  /**
   * One answer per job: what cannot be added, or a middleware does not let pass, is refused.
   *
   * @throws BrokerUnavailableError
   */
  async addEach(jobs: readonly NewJob[]): Promise<readonly EnqueueAnswer[]> {
    const through = this.#middleware.length > 0;
    const answers = through
      ? await Promise.all(jobs.map((job) => this.#answerThrough(job)))
      : await enqueueEach(this.#routes, jobs);
    for (const answer of answers)
      if (answer.state === "refused" && answer.error instanceof BrokerUnavailableError) throw answer.error;
    return answers;
  }

  /** Lets {@link drained} wait for it. */
  async underWay<T>(adding: Promise<T>): Promise<T> {
    this.#adding.add(adding);
    try {
      return await adding;
    } finally {
      this.#adding.delete(adding);
    }
  }

  /** Resolves when all that was added so far has its answer. */
  async drained(): Promise<void> {
    await Promise.allSettled(this.#adding);
    await Promise.all([...this.#coalescers.values()].map((coalescer) => coalescer.drained()));
  }

  #send(job: NewJob, session?: TransactionSession): Promise<JobHandle<unknown>> {
    if (session || job.idChosen) return this.#sendAlone(job, session);
    const known = this.#routes.known(job.queue);
    return known ? this.#put(job, known) : this.underWay(this.#putFirst(job));
  }

  #sendAlone(job: NewJob, session: TransactionSession | undefined): Promise<JobHandle<unknown>> {
    const handles = session ? this.#addWithin(session, [job]) : this.#addInBatches([job]);
    return this.underWay(handles.then(([handle]) => handle!));
  }

  #sendThrough(job: NewJob, session?: TransactionSession): Promise<JobHandle<unknown>> {
    return this.underWay(enqueueThrough(this.#middleware, job, (whole) => this.#send(whole, session)));
  }

  async #answerThrough(job: NewJob): Promise<EnqueueAnswer> {
    try {
      const { id, created } = await this.#sendThrough(job);
      return { state: "enqueued", id, created };
    } catch (error) {
      return refused(error);
    }
  }

  /** The first job of a queue: its route is asked of the stores, and `drained` waits for that, too. */
  async #putFirst(job: NewJob): Promise<JobHandle<unknown>> {
    return this.#put(job, await this.#routes.route(job.queue));
  }

  async #put(given: NewJob, route: QueueRoute): Promise<JobHandle<unknown>> {
    const job = fitQueue(given, route);
    return this.#handle(job, await this.#coalescer(route.broker).add(job, job.params.length), route);
  }

  async #addInBatches(jobs: readonly NewJob[]): Promise<JobHandle<unknown>[]> {
    const routes = await this.#routes.routeAll(jobs);
    const answers = await this.#routes.parents.guard(jobs, () => enqueueInBatches(jobs, routes));
    return jobs.map((job, i) => this.#handle(job, answers[i]!, routes[i]!));
  }

  async #addWithin(session: TransactionSession, jobs: readonly NewJob[]): Promise<JobHandle<unknown>[]> {
    const routes = await this.#routes.routeAll(jobs);
    const answers = await this.#routes.parents.guard(jobs, () => enqueueWithin(session, jobs, routes));
    return jobs.map((job, i) => this.#handle(job, answers[i]!, routes[i]!));
  }

  #handle(job: NewJob, answer: EnqueueAnswer, route: QueueRoute): JobHandle<unknown> {
    if (answer.state === "refused") throw answer.error;
    return this.#handleOf(job, answer, route);
  }

  #coalescer(broker: Broker): Coalescer<NewJob, EnqueueAnswer> {
    let coalescer = this.#coalescers.get(broker);
    if (!coalescer) {
      coalescer = new Coalescer((jobs: readonly NewJob[]) => broker.enqueue(jobs), batch);
      this.#coalescers.set(broker, coalescer);
    }
    return coalescer;
  }
}
