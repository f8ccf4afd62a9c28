import { type Due, endsJob, NotSupportedError, type Outcome, timeOf, toMs } from "@tandemq/core";
import type { Execution } from "./execution.js";

/** What a task may say of its entry's next time: a date, so long after the run's end, or `false`: it goes. */
export type Again = Date | number | string | false;

/** Notes the task's word; the last one counts. */
export function setAgain(execution: Execution, when: Again): void {
  const { queue, timed } = execution.job;
  if (!timed) {
    throw new NotSupportedError(`job.again: queue "${queue}" is not of kind "timed": no entry stays in it after a run`);
  }
  execution.again = when === false ? false : dueOf(when);
}

/** An outcome that ends the run takes the task's word with it. */
export function withAgain({ again }: Execution, outcome: Outcome | undefined): Outcome | undefined {
  return again === undefined || !outcome || !endsJob(outcome) ? outcome : { ...outcome, again };
}

function dueOf(when: Date | number | string): Due {
  return when instanceof Date ? { at: timeOf(when, "job.again") } : { after: toMs(when, "job.again") };
}
