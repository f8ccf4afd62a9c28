import { type Claim, MalformedJobError, toJobError } from "@tandemq/core";
import { startedDocument } from "../documents/encode.js";
import type { JobDocument } from "../documents/job-document.js";

/**
 * The document of a job that MongoDB cannot hold as it is (too large, too deep, params that are no JSON): without its
 * params and result, and with the reason. The job itself goes on; its entry has what is missing here.
 */
export function bare({ result: _result, ...document }: JobDocument, reason: unknown): JobDocument {
  const why = reason instanceof Error ? reason.message : String(reason);
  const { stack: _stack, ...error } = toJobError(new MalformedJobError(`MongoDB cannot hold its params: ${why}`));
  return { ...document, params: {}, error: document.error ?? error };
}

/** The document of a raw job whose delivery starts, bare when its params cannot be read. */
export function startOf(claim: Claim, worker?: string): JobDocument {
  try {
    return startedDocument(claim, worker);
  } catch (error) {
    return bare(startedDocument({ ...claim, params: "{}" }, worker), error);
  }
}
