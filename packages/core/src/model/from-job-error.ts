import { type ErrorCode, TandemQError } from "../errors/errors.js";
import type { JobError } from "./job-error.js";

/** An error as it was in another process: with its name, its code, and where it was made. */
export function fromJobError({ name, message, stack, code, cause }: JobError): Error {
  const options = cause ? { cause: fromJobError(cause) } : {};
  const error =
    code === undefined ? new Error(message, options) : new TandemQError(code as ErrorCode, message, options);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
