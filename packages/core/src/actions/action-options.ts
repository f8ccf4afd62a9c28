import { dueOf } from "../client/enqueue-options.js";
import { InvalidOptionError } from "../errors/errors.js";
import { maxPriority, minPriority } from "../model/job.js";
import type { FinalStatus, LiveStatus, Status } from "../model/status.js";
import type { ChangeAnswer, JobChange, JobFilter } from "../ports/broker.js";
import { showValue } from "../options/show-value.js";
import { checkFlag, checkSignal } from "../rules/check-arguments.js";
import { type Duration, toMs } from "../rules/duration.js";
import { checkTags } from "../rules/check-tags.js";
import { encodeParams } from "../rules/encode-params.js";
import { longestTimer } from "../rules/long-timer.js";
import { checkInteger, checkQueueName, refuseUnknown } from "../tasks/check-task-options.js";
import { checkFilter } from "./check-filter.js";

/** What can be done to all jobs that match a filter. */
export type ActionVerb = "cancel" | "requeue" | "remove" | "move" | "edit";

/** Which jobs; a status that is not named is the verb's own choice, see {@link statusesOf}. */
export type ActionFilter = Omit<JobFilter, "limit" | "order">;

export interface ActionOptions {
  /** `move`, `requeue`: the queue that the jobs go to, of any mode. `requeue` without it: their own. */
  readonly to?: string;
  /**
   * `edit`: the new params, whole. A job of a `set` or `timed` queue that is known by its params stays as it is: add one
   * with the new params, and remove it.
   */
  readonly params?: object;
  /** `edit`: the new priority, −10 … 10. */
  readonly priority?: number;
  /** `edit`: the new tags, all of them; an empty list: none. */
  readonly tags?: readonly string[];
  /** `edit`: due so long after now. */
  readonly delay?: Duration;
  /** `edit`: due at this time; a time that has passed means now. */
  readonly at?: Date | number;
  /** `cancel`: with the jobs that these jobs enqueued, and theirs; the report does not count them. Default: false. */
  readonly children?: boolean;
  /** Most jobs of one action; the report tells when there were more. Default: 100,000. */
  readonly max?: number;
  /** No more than `max` jobs in each stretch of `per`. Default: as fast as the stores take it. */
  readonly rate?: { readonly max: number; readonly per: Duration };
  /** Told after each batch. */
  readonly onProgress?: (progress: ActionProgress) => void;
  /** Ends the action after the batch under way; the report then says `stopped`. */
  readonly signal?: AbortSignal;
}

export interface ActionProgress {
  /** Jobs that matched when the action began. */
  readonly found: number;
  readonly done: number;
  /** Jobs that changed meanwhile, so that the verb was not allowed any more. */
  readonly refused: number;
}

/**
 * Why nothing was done to a job: where it stood by then; `changed`: it was edited, or requeued, since the action began, and
 * is not what the filter asked for any more; `invalid`: its new home cannot hold it; `knownByParams`: with other params it
 * would be another job, since its queue (of kind `set` or `timed`) knows it by them.
 */
export type ActionRefusal = Exclude<ChangeAnswer, "done"> | "changed" | "invalid" | "knownByParams";

/** `done`, or why not. */
export type ActionAnswer = "done" | ActionRefusal;

export interface ActionReport {
  readonly found: number;
  readonly done: number;
  /** How many were refused, by reason. */
  readonly refused: Readonly<Partial<Record<ActionRefusal, number>>>;
  /** More jobs matched than `max`: ask again for the others. */
  readonly capped: boolean;
  /** The action was stopped before its end. */
  readonly stopped: boolean;
}

const known: Readonly<Record<ActionVerb, readonly (keyof ActionOptions)[]>> = {
  cancel: ["children"],
  remove: [],
  requeue: ["to"],
  move: ["to"],
  edit: ["params", "priority", "tags", "delay", "at"],
};
const common: readonly (keyof ActionOptions)[] = ["max", "rate", "onProgress", "signal"];

const waiting: readonly LiveStatus[] = ["queued", "retry", "interrupt"];
const dead: readonly FinalStatus[] = ["failed", "timeout", "maxretries", "abort"];
const over: readonly FinalStatus[] = [...dead, "success", "cancel", "expired"];

/**
 * The statuses that a verb takes when the filter names none: never the running ones. `requeue` takes what went wrong:
 * failed, timeout, maxretries, abort.
 */
export function statusesOf(verb: ActionVerb): readonly Status[] {
  if (verb === "requeue") return dead;
  return verb === "remove" ? [...waiting, ...over] : waiting;
}

/** @throws InvalidOptionError */
export function checkAction(verb: ActionVerb, filter: ActionFilter, options: ActionOptions): void {
  if (!isVerb(verb)) {
    throw new InvalidOptionError(`action: ${showValue(verb)} is none of ${Object.keys(known).join()}`);
  }
  const allowed = known[verb];
  checkFilter(filter, verb);
  if (Object.values(filter).every((value) => value === undefined)) {
    throw new InvalidOptionError(`${verb}: the filter names nothing and would take every job: name at least a queue`);
  }
  refuseUnknown(options, [...allowed, ...common], verb);
  if (options.to !== undefined) checkQueueName(options.to, `${verb}: to`);
  else if (verb === "move") throw new InvalidOptionError("move: to: name the queue that the jobs go to");
  if (options.max !== undefined) checkInteger(options.max, 1, 10_000_000, `${verb}: max`);
  if (options.rate !== undefined) checkRate(options.rate, verb);
  checkSignal(options.signal, verb);
  checkFlag(options.children, `${verb}: children`);
  if (options.onProgress !== undefined && typeof options.onProgress !== "function") {
    throw new InvalidOptionError(`${verb}: onProgress: expected a function, got ${showValue(options.onProgress)}`);
  }
}

function isVerb(verb: unknown): verb is ActionVerb {
  return typeof verb === "string" && Object.hasOwn(known, verb);
}

function checkRate(rate: NonNullable<ActionOptions["rate"]>, verb: ActionVerb): void {
  refuseUnknown(rate, ["max", "per"], `${verb}: rate`);
  checkInteger(rate.max, 1, 1_000_000, `${verb}: rate.max`);
  if (toMs(rate.per, `${verb}: rate.per`) > longestTimer) {
    throw new InvalidOptionError(`${verb}: rate.per: expected at most 24 days, got ${showValue(rate.per)}`);
  }
}

/** @throws InvalidOptionError, InvalidParamsError */
export function changeOf({ params, priority, tags, delay, at }: ActionOptions, maxBytes: number): JobChange {
  if (delay !== undefined && at !== undefined) throw new InvalidOptionError("edit: give either delay or at, not both");
  if (priority !== undefined) checkInteger(priority, minPriority, maxPriority, "edit: priority");
  if (tags !== undefined) checkTags(tags, "edit");
  const moment = delay !== undefined ? { delay } : at !== undefined ? { at } : undefined;
  const change: JobChange = {
    ...(params !== undefined ? { params: encodeParams(params, maxBytes) } : {}),
    ...(priority !== undefined ? { priority } : {}),
    ...(tags !== undefined ? { tags } : {}),
    ...(moment ? { due: dueOf(moment) } : {}),
  };
  if (Object.keys(change).length === 0)
    throw new InvalidOptionError("edit: name what is new: params, priority, tags, delay or at");
  return change;
}
