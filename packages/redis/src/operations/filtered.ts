import type { PathFilter } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";

/** What the claim script is told of the tasks that are wanted, and where in line it looks on; nothing where all are. */
export function filterArguments(
  { lookedTo }: BrokerContext,
  queue: string,
  paths: PathFilter | undefined,
): (string | number)[] {
  if (!paths) return [];
  const { only = [], except = [] } = paths;
  return [only.map(luaPattern).join("\n"), except.map(luaPattern).join("\n"), lookedTo.get(queue) ?? 0];
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
