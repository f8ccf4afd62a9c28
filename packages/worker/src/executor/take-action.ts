import {
  checkInteger,
  type Duration,
  fromJobError,
  InvalidOptionError,
  type JobError,
  maxStarts,
  toMs,
} from "@tandemq/core";

/** One action that a run wants to take under a rate limit of its own. Time in milliseconds. */
export interface Action {
  readonly key: string;
  readonly max: number;
  readonly per: number;
}

/** How many were free, this one included; 0: refused. */
export type TakeAnswer = { readonly free: number } | { readonly error: JobError };

/** Asks the limit by the connections of the worker. Never rejects. */
export type TakeAction = (action: Action) => Promise<TakeAnswer>;

/** @throws InvalidOptionError, or what the store of the limits throws */
export async function takeAction(take: TakeAction, key: string, max: number, per: Duration): Promise<number> {
  if (typeof key !== "string" || key === "" || key.length > 200)
    throw new InvalidOptionError("rateLimit: key: expected 1 to 200 characters of text");
  checkInteger(max, 1, maxStarts, "rateLimit: limit");
  const window = toMs(per, "rateLimit: per");
  if (window < 1) throw new InvalidOptionError("rateLimit: per: expected at least 1 ms");
  const answer = await take({ key, max, per: window });
  if ("error" in answer) throw fromJobError(answer.error);
  return answer.free;
}
