import type { ShapeOf, WakeBoard } from "@tandemq/core";
import type { ClaimSessions } from "./claim-sessions.js";
import type { ColdQueues } from "./cold-queues.js";
import type { Connections } from "./connection/connections.js";
import type { Keyspace } from "./keys.js";
import type { PausedTrees } from "./paused-trees.js";

/** What the operations of one broker work on. */
export interface BrokerContext {
  readonly connections: Connections;
  readonly keys: Keyspace;
  readonly sessions: ClaimSessions;
  readonly board: WakeBoard;
  readonly cold: ColdQueues;
  readonly trees: PausedTrees;
  /** How far into the line of a queue the last claim of some tasks only has looked. */
  readonly lookedTo: Map<string, number>;
  /** Queues whose name is noted in the store. */
  readonly known: Set<string>;
  /** How each queue is ordered. */
  readonly shapeOf: ShapeOf;
  /** Whether finished jobs are counted. */
  readonly counts: boolean;
  /** Most failed jobs to keep per queue; 0: none. */
  readonly failures: number;
}

/** Most jobs in one script call: bounds how long the server is busy with it. */
export const mostJobs = 1_000;

/** Bytes of text after which a script call takes no more jobs. */
export const mostBytes = 1_048_576;

/** Positions of the items of each group, in the order of the items. */
export function groupBy<T>(items: readonly T[], groupOf: (item: T) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  items.forEach((item, position) => {
    const name = groupOf(item);
    const group = groups.get(name);
    if (group) group.push(position);
    else groups.set(name, [position]);
  });
  return groups;
}

/** Cuts a list into pieces of at most `size`. */
export function pieces<T>(items: readonly T[], size: number): T[][] {
  const cut: T[][] = [];
  for (let start = 0; start < items.length; start += size) cut.push(items.slice(start, start + size));
  return cut;
}
