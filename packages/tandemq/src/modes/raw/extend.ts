import type { ExtendAnswer, Hold } from "@tandemq/core";
import { letGo, type RawContext } from "./context.js";

/** Extends leases, and takes note of how long they last now. */
export async function extend(context: RawContext, holds: readonly Hold[], lease: number): Promise<ExtendAnswer[]> {
  const until = performance.now() + lease;
  const answers = await context.live.extend(holds, lease);
  holds.forEach((hold, i) => {
    const held = context.held.get(hold);
    if (held && answers[i] === "extended") held.until = until;
    if (answers[i] === "lost") letGo(context, hold);
  });
  return answers;
}
