import type { Outcome } from "@tandemq/core";
import type { AbortReason } from "./assignment.js";
import { cancelled } from "./classify.js";

/** Of a job that did not begin and goes back: its history says nothing of it, and it expires if its time is over. */
export const notBegun: Outcome = { status: "interrupt", limited: true };

/** Of a job that was told to stop before it began; `undefined`: there is nothing to settle. */
export function stoppedBefore(reason: AbortReason): Outcome | undefined {
  if (reason === "lost") return undefined;
  return reason === "cancel" ? cancelled : notBegun;
}
