import type { NewJob } from "../model/job.js";
import type { EnqueueAnswer } from "../ports/broker.js";
import type { Deployment } from "../ports/deployment.js";
import { enqueueEach } from "./enqueue-each.js";
import { Routes } from "./routes.js";

/** Adds jobs that were made elsewhere, such as those that tasks enqueue while they run. */
export class Enqueuer {
  readonly #routes: Routes;

  constructor(deployment: Deployment) {
    this.#routes = new Routes(deployment);
  }

  /** One answer per job, at its place: a job whose queue cannot be used is refused, and the others go on. */
  add(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    return enqueueEach(this.#routes, jobs);
  }
}
