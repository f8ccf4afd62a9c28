import type { JobError, Json, Outcome, Redactor } from "@tandemq/core";
import type { Delivery } from "../../delivery.js";
import type { LogLine } from "../../executor/assignment.js";
import type { ChildEnd } from "../../pools/executor-pool.js";

/** What a worker tells of its runs, without what the rules leave out. Without rules everything is told as it is. */
export class Redaction {
  readonly #redactor: Redactor | undefined;

  constructor(redactor: Redactor | undefined) {
    this.#redactor = redactor;
  }

  outcome({ claim }: Delivery, outcome: Outcome): Outcome {
    if (!this.#redactor || !("error" in outcome) || !outcome.error) return outcome;
    return { ...outcome, error: this.#redactor.error(outcome.error, claim, claim.params) };
  }

  progress({ claim }: Delivery, value: Json): Json {
    return this.#redactor ? this.#redactor.progress(value, claim, claim.params) : value;
  }

  line({ claim }: Delivery, line: LogLine): LogLine {
    return this.#redactor ? this.#redactor.line(line, claim, claim.params) : line;
  }

  /** What ended a child may repeat the params of any job that ran there. */
  childEnd(end: ChildEnd): ChildEnd {
    const redactor = this.#redactor;
    if (!redactor || !end.error) return end;
    const hide = (error: JobError, { claim }: Delivery) => redactor.error(error, claim, claim.params);
    return { ...end, error: end.running.reduce(hide, end.error) };
  }
}
