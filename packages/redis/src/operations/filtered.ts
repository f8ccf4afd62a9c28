import type { ClaimRequest } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";

/**
 * What the claim script is told of the tasks that are wanted, where in line it looks on, and whether keys stay taken;
 * nothing where all are wanted and keys are freed.
 */
export function filterArguments(
  { lookedTo }: BrokerContext,
  queue: string,
  { paths, keepsKeys }: Pick<ClaimRequest, "paths" | "keepsKeys">,
): (string | number)[] {
  const keeps = keepsKeys ? [1] : [];
  if (!paths) return keepsKeys ? ["", "", "", ...keeps] : [];
  const { only = [], except = [] } = paths;
  return [only.map(luaPattern).join("\n"), except.map(luaPattern).join("\n"), lookedTo.get(queue) ?? 0, ...keeps];
}

/** Whether the script has not come to the end of the line: the next call looks on from there. */
export function noteLookedTo({ lookedTo }: BrokerContext, queue: string, offset: number | null | undefined): boolean {
  const more = typeof offset === "number" && offset >= 0;
  if (more) lookedTo.set(queue, offset);
  else if (lookedTo.size > 0) lookedTo.delete(queue);
  return more;
}

function luaPattern(pattern: string): string {
  return `^${pattern.replace(/[.$-]/g, "%$&").replaceAll("*", ".*")}$`;
}
