import { InvalidOptionError } from "../errors/errors.js";
import type { KeyUntil, UniqueKey } from "../model/job.js";
import { showValue } from "../options/show-value.js";
import { type Duration, toMs } from "../rules/duration.js";
import { refuseUnknown } from "../tasks/check-task-options.js";

/** A unique key, and how long it is taken: by the job's life, and longer by a time. */
export interface KeyOptions {
  /** 1 to 500 characters. */
  readonly value: string;
  /** `start`: while the job waits for its first start. `finish`: until it is over. Default: `start`. */
  readonly until?: KeyUntil;
  /**
   * Taken at least so long from the enqueue on, though the job may run or be over by then. Deleting the job before its
   * first run frees the key. Default: no longer than `until` says.
   */
  readonly for?: Duration;
}

/** Longest unique key, in characters. */
export const maxKeyLength = 500;

const known: readonly (keyof KeyOptions)[] = ["value", "until", "for"];

/** @throws InvalidOptionError naming what is wrong with it */
export function checkKey(key: string | KeyOptions): void {
  if (typeof key !== "string") refuseUnknown(key, known, "enqueue: key");
  const { value, until = "start", for: time } = typeof key === "string" ? { value: key } : key;
  if (typeof value !== "string" || value === "" || value.length > maxKeyLength || !value.isWellFormed()) {
    throw new InvalidOptionError(`enqueue: key: expected 1 to ${maxKeyLength} characters of text`);
  }
  if (until !== "start" && until !== "finish") {
    throw new InvalidOptionError(`enqueue: key.until: expected "start" or "finish", got ${showValue(until)}`);
  }
  if (time !== undefined && toMs(time, "enqueue: key.for") === 0) {
    throw new InvalidOptionError("enqueue: key.for: expected more than 0: leave it out to go by `until` alone");
  }
}

/** The key as brokers take it. */
export function keyOf(key: string | KeyOptions | undefined): UniqueKey | undefined {
  if (key === undefined) return undefined;
  if (typeof key === "string") return { value: key, until: "start" };
  const { value, until = "start", for: time } = key;
  return { value, until, ...(time === undefined ? {} : { for: toMs(time, "enqueue: key.for") }) };
}
