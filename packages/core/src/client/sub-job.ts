import { createHash } from "node:crypto";
import { InvalidOptionError } from "../errors/errors.js";
import type { JobId } from "../model/job.js";
import { newJobId } from "../model/job-id.js";
import { maxKeyLength } from "./key-options.js";

/**
 * The id of a job that a run enqueues. With `once` it follows from the parent's id and life, so that a run that comes
 * after a lost one, or after a failed attempt, makes no second job. The seconds in front are the parent's.
 *
 * @throws InvalidOptionError when `once` is no text of 1 to 500 characters
 */
export function subJobId(parent: JobId, generation: number, once: string | undefined): JobId {
  if (once === undefined) return newJobId();
  if (typeof once !== "string" || once === "" || once.length > maxKeyLength) {
    throw new InvalidOptionError(`enqueue: once: expected 1 to ${maxKeyLength} characters of text`);
  }
  const digest = createHash("sha256").update(`${parent} ${generation}\n${once}`).digest("hex");
  return parent.slice(0, 8) + digest.slice(0, 16);
}
