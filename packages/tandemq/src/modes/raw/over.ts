import type { SuccessOutcome } from "@tandemq/core";

/** The outcome that takes an entry out of its queue, or in a timed one makes it stay: the document has the real one. */
export function over(again: Date | undefined): SuccessOutcome {
  return { status: "success", again: again ? { at: again.getTime() } : false };
}
