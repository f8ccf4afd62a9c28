import { InvalidParamsError, MalformedJobError } from "@tandemq/core";
import { validationFailed } from "../connection/errors.js";

interface ServerRefusal {
  readonly code?: unknown;
  readonly message?: string;
  readonly errmsg?: string | undefined;
  readonly errInfo?: unknown;
}

/** Why the store cannot hold the job, as an error for its producer. */
export function refusal(error: unknown): Error {
  const { code, message, errmsg, errInfo } = error as ServerRefusal;
  if (code === validationFailed)
    return new MalformedJobError(`the collection's validator refused the job: ${rules(errInfo)}`);
  return new InvalidParamsError(`MongoDB cannot hold the job: ${errmsg ?? message ?? String(error)}`);
}

/** The names of the fields that the validator objects to. */
function rules(errInfo: unknown): string {
  const names = JSON.stringify(errInfo ?? {}).matchAll(/"propertyName":"([^"]*)"|"missingProperties":\[([^\]]*)\]/g);
  const fields = [...names].map(([, wrong, missing]) => wrong ?? `missing ${missing}`);
  return fields.length > 0 ? [...new Set(fields)].join(", ") : "see the documented job document";
}
