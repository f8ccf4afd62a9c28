import { InvalidOptionError, TandemQError } from "../errors/errors.js";
import type { NewJob } from "../model/job.js";
import type { TaskRules } from "../tasks/task-rules.js";
import type { ManyOptions } from "./client-options.js";
import type { EnqueueOptions } from "./enqueue-options.js";
import { checkBySchema, hasSchema, makeNewJob, newJobMaker, type TaskName } from "./new-job.js";

/** Makes jobs of what producers give. */
export class JobMaker {
  readonly #maxBytes: number | undefined;
  readonly #rules: TaskRules | undefined;

  constructor(maxBytes: number | undefined, rules: TaskRules | undefined) {
    this.#maxBytes = maxBytes;
    this.#rules = rules;
  }

  /** The task's schema is the caller's to ask: it may work asynchronously. */
  make(task: TaskName, params: unknown, options: EnqueueOptions): NewJob {
    return makeNewJob(task, params, options, this.#maxBytes, this.#rules);
  }

  /** All of a list, or none: a mistake is thrown before anything is added, and says in which job it is. */
  async makeAll<P>(task: TaskName, list: readonly P[], options: ManyOptions<P>): Promise<NewJob[]> {
    assertList(list);
    if (hasSchema(task))
      for (const [i, params] of list.entries()) await namingLater(i, () => checkBySchema(task, params));
    if (list.length > 1) refuseOneId(options, "enqueueMany");
    const make = this.#nth(task, options, "enqueueMany");
    return list.map((params, i) => naming(i, () => make(params, i)));
  }

  /**
   * A maker for as many as come, each checked as it comes.
   *
   * @throws InvalidOptionError at once for options that are the same for all
   */
  makeEach<P>(task: TaskName, options: ManyOptions<P>): (params: P, index: number) => NewJob | Promise<NewJob> {
    refuseOneId(options, "enqueueAll");
    if (typeof options === "object" && options.session !== undefined) {
      throw new InvalidOptionError("enqueueAll: session: a transaction has no room for any number: use enqueueMany");
    }
    const make = this.#nth(task, options, "enqueueAll");
    if (!hasSchema(task)) return make;
    return async (params, index) => {
      await checkBySchema(task, params);
      return make(params, index);
    };
  }

  #nth<P>(task: TaskName, options: ManyOptions<P>, verb: string): (params: P, index: number) => NewJob {
    if (typeof options !== "function") return newJobMaker(task, options, this.#maxBytes, this.#rules);
    return (params, index) => this.make(task, params, withoutSession(options(params, index), verb));
  }
}

function assertList(list: unknown): void {
  if (Array.isArray(list)) return;
  throw new InvalidOptionError(
    `enqueueMany: expected an array of params, got ${typeof list}: enqueueAll takes any iterable`,
  );
}

function refuseOneId<P>(options: ManyOptions<P>, verb: string): void {
  if (typeof options === "function" || options?.id === undefined) return;
  throw new InvalidOptionError(`${verb}: id: one id for many jobs: give options as a function that makes each`);
}

/** All jobs of a call go into one transaction, or none does. */
function withoutSession(options: EnqueueOptions, verb: string): EnqueueOptions {
  if (options.session === undefined) return options;
  throw new InvalidOptionError(`${verb}: session: give it once for all jobs of an enqueueMany, not for each`);
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
