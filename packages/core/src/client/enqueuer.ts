import type { NewJob } from "../model/job.js";
import type { EnqueueAnswer } from "../ports/broker.js";
import type { Deployment, QueueRoute } from "../ports/deployment.js";
import { enqueueInBatches } from "./enqueue-in-batches.js";
import { Routes } from "./routes.js";

/** Adds jobs that were made elsewhere, such as those that tasks enqueue while they run. */
export class Enqueuer {
  readonly #routes: Routes;

  constructor(deployment: Deployment) {
    this.#routes = new Routes(deployment);
  }

  /** One answer per job, at its place: a job whose queue cannot be used is refused, and the others go on. */
  async add(jobs: readonly NewJob[]): Promise<EnqueueAnswer[]> {
    const routes = await Promise.all(jobs.map((job) => this.#route(job)));
    const good = jobs.flatMap((job, place) => {
      const route = routes[place];
      return route instanceof Error || !route ? [] : [{ job, route, place }];
    });
    const answers: (EnqueueAnswer | undefined)[] = routes.map(refusal);
    const given = await enqueueInBatches(
      good.map(({ job }) => job),
      good.map(({ route }) => route),
    );
    good.forEach(({ place }, i) => {
      answers[place] = given[i];
    });
    return answers.map((answer) => answer ?? refused(new Error("the broker gave no answer")));
  }

  async #route({ queue }: NewJob): Promise<QueueRoute | Error> {
    try {
      return this.#routes.known(queue) ?? (await this.#routes.route(queue));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

function refusal(route: QueueRoute | Error): EnqueueAnswer | undefined {
  return route instanceof Error ? refused(route) : undefined;
}

function refused(error: Error): EnqueueAnswer {
  return { state: "refused", error };
}
