import type { Action } from "../actions/action.js";
import type { ActionFilter, ActionOptions, ActionVerb } from "../actions/action-options.js";
import { startAction } from "../actions/plan-action.js";
import type { JobRef } from "../model/job.js";
import type { ChangeAnswer } from "../ports/broker.js";
import type { Registry } from "../ports/registry.js";
import { checkRefs } from "../rules/check-arguments.js";
import { type CancelAnswer, cancelJobs, type CancelOptions } from "./cancel-jobs.js";
import type { Routes } from "./routes.js";

/** Changes jobs that are there: some at once, or all that match in the background. */
export class JobChanger {
  readonly #routes: Routes;
  readonly #registry: Registry;
  readonly #maxBytes: number;
  readonly #actions = new Set<Action>();

  constructor(routes: Routes, registry: Registry, maxBytes: number) {
    this.#routes = routes;
    this.#registry = registry;
    this.#maxBytes = maxBytes;
  }

  async requeue(refs: readonly JobRef[]): Promise<ChangeAnswer[]> {
    checkRefs(refs, "requeue");
    return this.#routes.change(refs, (broker, some) => broker.requeue(some));
  }

  /** Handles of jobs carry it. */
  readonly cancel = (refs: readonly JobRef[], options: CancelOptions): Promise<CancelAnswer[]> =>
    cancelJobs(this.#routes, this.#registry, refs, options);

  action(verb: ActionVerb, filter: ActionFilter, options: ActionOptions): Action {
    const action = startAction(this.#routes, verb, filter, options, this.#maxBytes, this.cancel);
    this.#actions.add(action);
    const forget = () => this.#actions.delete(action);
    action.result().then(forget, forget);
    return action;
  }

  /** Ends the actions after their batch under way. */
  async stop(): Promise<void> {
    for (const action of this.#actions) action.stop();
    await Promise.allSettled([...this.#actions].map((action) => action.result()));
  }
}
