import type { Json, NewJob, Outcome } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { LogLine } from "../executor/assignment.js";
import type { TakeAction } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import type { Child } from "./child.js";
import type { Blocked, ChildEnd } from "./executor-pool.js";
import type { FromChild } from "./messages.js";

/** What a child tells of itself and its runs. */
export interface ChildListener {
  ready(child: Child, message: Extract<FromChild, { t: "ready" }>): void;
  unusable(child: Child, message: Extract<FromChild, { t: "unusable" }>): void;
  ended(child: Child, delivery: Delivery, outcome: Outcome | undefined, keep: number | undefined): void;
  progress(delivery: Delivery, value: Json): void;
  log(delivery: Delivery, line: LogLine): void;
  enqueue(jobs: readonly NewJob[]): Promise<readonly SubJobAnswer[]>;
  readonly take: TakeAction;
  blocked(child: Child, blocked: Blocked): void;
  freed(child: Child): void;
  /** A run holds on beyond its hard limit. */
  stuck(child: Child, delivery: Delivery, outcome: Outcome | undefined): void;
  /** The process is gone, and all it had said was heard. */
  gone(child: Child, end: ChildEnd): void;
}
