import { assertHasPriorities } from "../client/fit-queue.js";
import type { CancelAnswer, CancelOptions } from "../client/cancel-jobs.js";
import type { Routes } from "../client/routes.js";
import type { Job, JobRef } from "../model/job.js";
import type { Broker } from "../ports/broker.js";
import { assertTakesCopies } from "../rules/same-order.js";
import { Action, type ActionPlan } from "./action.js";
import {
  type ActionAnswer,
  type ActionFilter,
  type ActionOptions,
  type ActionVerb,
  changeOf,
  checkAction,
  statusesOf,
} from "./action-options.js";
import { changesSince } from "./changes-since.js";
import { editParams } from "./edit-params.js";
import { type Begins, findRefs } from "./find-refs.js";
import { handOver } from "./hand-over.js";
import { askAnew, isHeldBack } from "./held-back.js";
import { requeueTo } from "./requeue-to.js";

const defaultMax = 100_000;

type Act = (broker: Broker, refs: readonly JobRef[]) => Promise<readonly ActionAnswer[]>;

type Cancel = (refs: readonly JobRef[], options: CancelOptions) => Promise<CancelAnswer[]>;

/**
 * Begins an action.
 *
 * @throws InvalidOptionError, InvalidParamsError at once; what the stores refuse rejects the action's result
 */
export function startAction(
  routes: Routes,
  verb: ActionVerb,
  filter: ActionFilter,
  options: ActionOptions,
  maxBytes: number,
  cancel: Cancel,
): Action {
  checkAction(verb, filter, options);
  const act = actOf(routes, verb, options, maxBytes);
  const asked = { ...filter, status: filter.status ?? statusesOf(verb) };
  let begins: Begins = new Map();
  const actOnAll =
    verb === "cancel" ? cancelAll(cancel, filter, options) : (refs: readonly JobRef[]) => routes.change(refs, act);
  const plan: ActionPlan = {
    async find() {
      const target = options.to === undefined ? undefined : await routes.route(options.to);
      if (options.priority !== undefined) await assertTakesPriority(routes, filter);
      const found = await findRefs(routes, asked, options.max ?? defaultMax);
      begins = found.begins;
      const refs = verb === "move" ? found.refs.filter(({ queue }) => queue !== target?.queue) : found.refs;
      return { refs, capped: found.capped };
    },
    async act(refs) {
      const answers: (ActionAnswer | undefined)[] = await changesSince(routes, asked, begins, refs);
      const same = refs.filter((_, i) => answers[i] === undefined);
      const acted = (same.length === 0 ? [] : await actOnAll(same)).values();
      return answers.map((answer) => answer ?? acted.next().value ?? "missing");
    },
  };
  return new Action(plan, options);
}

/**
 * Where the filter names no queue, or a tree, jobs of such queues stay in their places.
 *
 * @throws InvalidOptionError when it names a queue in which a priority orders nothing
 */
async function assertTakesPriority(routes: Routes, { queue }: ActionFilter): Promise<void> {
  if (queue === undefined || queue.endsWith("/")) return;
  assertHasPriorities(queue, (await routes.look(queue)).kind, "edit");
}

function actOf(routes: Routes, verb: ActionVerb, options: ActionOptions, maxBytes: number): Act {
  if (verb === "edit") {
    const change = changeOf(options, maxBytes);
    if (change.params === undefined) return (broker, refs) => broker.edit(refs, change);
    return (broker, refs) => editParams(routes, broker, refs, change);
  }
  const { to } = options;
  if (to !== undefined) return verb === "move" ? moveTo(routes, to) : requeueElsewhere(routes, to);
  return verb === "remove" ? (broker, refs) => broker.remove(refs) : (broker, refs) => broker.requeue(refs);
}

/** Within a broker one step does it; between two of them the job is handed over. */
function moveTo(routes: Routes, to: string): Act {
  return async (broker, refs) => {
    const target = await routes.route(to);
    if (target.broker === broker) return moveWithin(broker, to, refs);
    assertTakesCopies(to, target);
    return handOver(broker, target, refs, { as: dueIfHeldBack });
  };
}

async function moveWithin(broker: Broker, to: string, refs: readonly JobRef[]): Promise<readonly ActionAnswer[]> {
  const answers = await broker.edit(refs, { queue: to });
  await askAnew(
    broker,
    to,
    refs.filter((_, i) => answers[i] === "done"),
  );
  return answers;
}

function dueIfHeldBack(job: Job): Job {
  return isHeldBack(job) ? { ...job, due: new Date(0) } : job;
}

/** Those that are in that queue already begin anew where they are. */
function requeueElsewhere(routes: Routes, to: string): Act {
  return async (broker, refs) => {
    const target = await routes.route(to);
    assertTakesCopies(to, target);
    const isThere = ({ queue }: JobRef) => queue === to && target.broker === broker;
    const stay = refs.filter(isThere);
    const go = refs.filter((ref) => !isThere(ref));
    const stayed = (stay.length === 0 ? [] : await broker.requeue(stay)).values();
    const gone = (go.length === 0 ? [] : await requeueTo(broker, target, go)).values();
    return refs.map((ref) => (isThere(ref) ? stayed : gone).next().value ?? "missing");
  };
}

/** A running job that is told to end counts as done; without the filter's word it is left alone. */
function cancelAll(cancel: Cancel, { status }: ActionFilter, { children = false }: ActionOptions): ActionPlan["act"] {
  const how = { running: status?.includes("started") ?? false, children };
  return async (refs) => (await cancel(refs, how)).map((answer) => (answer === "requested" ? "done" : answer));
}
