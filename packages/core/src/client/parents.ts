import { InvalidOptionError } from "../errors/errors.js";
import type { Job, JobId, JobRef, NewJob } from "../model/job.js";
import type { QueueLook } from "../ports/deployment.js";

/** Most generations above a job that are looked at. */
export const maxGenerations = 100;

/** Where the jobs are that parents name: in any queue. */
export interface Ancestors {
  lookAll(): Promise<readonly QueueLook[]>;
  get(refs: readonly JobRef[]): Promise<readonly (Job | undefined)[]>;
}

/**
 * Refuses jobs that would be ancestors of themselves. Only a producer that chooses both id and parent can make such a
 * circle: all others cost nothing.
 */
export class Parents {
  readonly #ancestors: Ancestors;
  /** The parents of jobs that are being added: the stores do not know them yet. */
  readonly #adding = new Map<JobId, JobId>();

  constructor(ancestors: Ancestors) {
    this.#ancestors = ancestors;
  }

  /** Adds the jobs; the error of each that would be its own ancestor stands at its place in `faults`. */
  async whileAdding<A>(
    jobs: readonly NewJob[],
    add: (faults: readonly (InvalidOptionError | undefined)[]) => Promise<A>,
  ): Promise<A> {
    const chosen = jobs.filter(isChosen);
    if (chosen.length === 0) return add([]);
    for (const { id, parent } of chosen) this.#adding.set(id, parent);
    try {
      const queues = await this.#ancestors.lookAll();
      return await add(await Promise.all(jobs.map((job) => (isChosen(job) ? this.#fault(job, queues) : undefined))));
    } finally {
      for (const { id } of chosen) this.#adding.delete(id);
    }
  }

  /** Adds the jobs, if none would be its own ancestor. @throws InvalidOptionError */
  guard<A>(jobs: readonly NewJob[], add: () => Promise<A>): Promise<A> {
    return this.whileAdding(jobs, async (faults) => {
      const fault = faults.find((one) => one !== undefined);
      if (fault) throw fault;
      return add();
    });
  }

  async #fault(job: Chosen, queues: readonly QueueLook[]): Promise<InvalidOptionError | undefined> {
    let above: JobId | undefined = job.parent;
    for (let generations = 0; above !== undefined; generations++) {
      if (above === job.id) return new InvalidOptionError(`enqueue: parent: ${job.parent} descends from job ${job.id}`);
      if (generations === maxGenerations) return tooMany(job.parent);
      above = this.#adding.get(above) ?? (await this.#parentOf(above, queues));
    }
    return undefined;
  }

  async #parentOf(id: JobId, queues: readonly QueueLook[]): Promise<JobId | undefined> {
    const jobs = await this.#ancestors.get(queues.map(({ queue }) => ({ id, queue })));
    return jobs.find((job) => job !== undefined)?.parent;
  }
}

type Chosen = NewJob & { readonly parent: JobId };

function isChosen(job: NewJob): job is Chosen {
  return job.idChosen === true && job.parent !== undefined;
}

function tooMany(parent: JobId): InvalidOptionError {
  return new InvalidOptionError(
    `enqueue: parent: more than ${maxGenerations} generations above ${parent}: a job with an id of its own cannot be checked for a circle`,
  );
}
