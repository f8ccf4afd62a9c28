import {
  Coalescer,
  type EnqueueOptions,
  type JobError,
  type Middleware,
  type NewJob,
  NotSupportedError,
  type SubJob,
  type SubJobOptions,
  type TaskName,
  type TaskRules,
  checkBySchema,
  enqueueThrough,
  fromJobError,
  makeNewJob,
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
  readonly #rules: TaskRules | undefined;

  constructor(send: SendJobs, { middleware = [], rules }: Pick<TaskSource, "middleware" | "rules">) {
    this.#rules = rules;
    this.#sent = new Coalescer(send, batch);
    this.#middleware = middleware.filter(({ enqueue }) => enqueue);
  }

  /** @throws as `client.enqueue` */
  async enqueue(parent: Assignment, task: TaskName, params: unknown, options: SubJobOptions): Promise<SubJob> {
    const { once, ...others } = options;
    if (others.session) throw new NotSupportedError(noSession);
    const id = others.id ?? subJobId(parent.id, parent.generation ?? 1, once);
    await checkBySchema(task, params);
    const made = makeNewJob(task, params, { parent: parent.id, ...others }, undefined, this.#rules);
    // Made before, it may be over by now: its store knows.
    const job: NewJob = { ...made, id, ...(once === undefined ? {} : { seen: true }) };
    return this.#middleware.length === 0
      ? this.#send(job)
      : enqueueThrough(this.#middleware, job, (whole) => this.#send(whole));
  }

  async enqueueMany(
    parent: Assignment,
    task: TaskName,
    list: readonly unknown[],
    options: EnqueueOptions,
  ): Promise<SubJob[]> {
    return Promise.all(list.map((params) => this.enqueue(parent, task, params, options)));
  }

  async #send(job: NewJob): Promise<SubJob> {
    const answer = await this.#sent.add(job, job.params.length);
    if ("error" in answer) throw fromJobError(answer.error);
    return { id: answer.id, queue: job.queue, created: answer.created };
  }
}
