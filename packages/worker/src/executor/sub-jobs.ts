import {
  Coalescer,
  type EnqueueOptions,
  InvalidOptionError,
  type JobError,
  JobMaker,
  type ManySubJobOptions,
  type Middleware,
  type NewJob,
  NotSupportedError,
  type SubJob,
  type SubJobOptions,
  type TaskName,
  checkBySchema,
  enqueueThrough,
  fromJobError,
  subJobId,
} from "@tandemq/core";
import type { TaskSource } from "./resolve-task.js";
import type { Assignment } from "./assignment.js";

/** What became of a job that a run enqueued. */
export type SubJobAnswer = { readonly id: string; readonly created: boolean } | { readonly error: JobError };

/** Adds jobs for the runs of this process; answers stand in the order of the jobs. */
export type SendJobs = (jobs: readonly NewJob[]) => Promise<readonly SubJobAnswer[]>;

const noSession = "job.enqueue: a run cannot hand its transaction to its worker: use client.enqueue with the session";

const batch = { items: 500, bytes: 1_000_000, inFlight: 2 };

/** What the runs of one process enqueue, through the connections of their worker. */
export class SubJobs {
  readonly #sent: Coalescer<NewJob, SubJobAnswer>;
  readonly #middleware: readonly Middleware[];
  readonly #maker: JobMaker;

  constructor(send: SendJobs, { middleware = [], rules }: Pick<TaskSource, "middleware" | "rules">) {
    this.#maker = new JobMaker(undefined, rules);
    this.#sent = new Coalescer(send, batch);
    this.#middleware = middleware.filter(({ enqueue }) => enqueue);
  }

  /** @throws as `client.enqueue` */
  async enqueue(parent: Assignment, task: TaskName, params: unknown, options: SubJobOptions): Promise<SubJob> {
    const { once, ...others } = options;
    await checkBySchema(task, params);
    return this.#add(named(this.#maker.make(task, params, below(parent, others)), parent, once));
  }

  /** @throws as `client.enqueueMany` */
  async enqueueMany<P extends object>(
    parent: Assignment,
    task: TaskName,
    list: readonly P[],
    options: ManySubJobOptions<P>,
  ): Promise<SubJob[]> {
    const names: (string | undefined)[] = [];
    const each = (params: P, index: number) => {
      const { once, ...others } = (options as (params: P, index: number) => SubJobOptions)(params, index);
      names[index] = once;
      return below(parent, others);
    };
    const all = typeof options === "function" ? each : below(parent, withoutOnce(options));
    const jobs = await this.#maker.makeAll(task, list, all);
    return Promise.all(jobs.map((job, i) => named(job, parent, names[i])).map((job) => this.#add(job)));
  }

  #add(job: NewJob): Promise<SubJob> {
    if (this.#middleware.length === 0) return this.#send(job);
    return enqueueThrough(this.#middleware, job, (whole) => this.#send(whole));
  }

  async #send(job: NewJob): Promise<SubJob> {
    const answer = await this.#sent.add(job, job.params.length);
    if ("error" in answer) throw fromJobError(answer.error);
    return { id: answer.id, queue: job.queue, created: answer.created };
  }
}

function below(parent: Assignment, options: EnqueueOptions): EnqueueOptions {
  if (options.session) throw new NotSupportedError(noSession);
  return { parent: parent.id, ...options };
}

/** A name is one job: of many, each may have its own. */
function withoutOnce(options: SubJobOptions): EnqueueOptions {
  if (options.once === undefined) return options;
  throw new InvalidOptionError("enqueueMany: once: one name for many jobs: give options as a function that makes each");
}

/** With a name, the job's id follows from it. Made before, it may be over by now: its store knows. */
function named(job: NewJob, parent: Assignment, once: string | undefined): NewJob {
  if (once === undefined) return job;
  const id = job.seen ? job.id : subJobId(parent.id, parent.generation ?? 1, once);
  return { ...job, id, seen: true };
}
