import { defaults, endsJob, isSuccess, type Run } from "@tandemq/core";
import { startedDocument } from "./encode.js";
import type { JobDocument } from "./job-document.js";

/**
 * The document of a raw job whose only delivery is over.
 *
 * @param now the server's time, milliseconds since the epoch; it may be known a little too early, but no end precedes its start
 * @throws InvalidParamsError when its params are not the text of a JSON object
 */
export function runDocument({ claim, worker, settlement }: Run, now: number): JobDocument {
  const { outcome, keep = defaults.keepResults, token } = settlement;
  const document = startedDocument(claim, worker);
  document.token = token;
  document.status = outcome.status;
  document.rev = 1;
  document.attempt += 1;
  if (isSuccess(outcome)) {
    if (outcome.result !== undefined) document.result = outcome.result;
  } else if (endsJob(outcome)) document.error = outcome.error;
  const end = Math.max(now, claim.claimedAt);
  document.finishedAt = new Date(end);
  document.deleteAt = new Date(end + keep);
  return document;
}
