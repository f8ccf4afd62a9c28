import type { Connection } from "../connection/connection.js";
import { indexOf } from "../schema/indexes.js";
import type { NextDue } from "./next-due.js";

/** Conditions on both keys, so that the index alone answers, by one key per queue that is not empty. */
const everything = { queue: { $gte: "" }, due: { $gte: new Date(-8.64e15) } };

const stages = [
  { $match: everything },
  { $sort: { queue: 1, due: 1 } },
  { $group: { _id: "$queue", due: { $first: "$due" } } },
  { $project: { due: 1, now: "$$NOW" } },
];

/** When the next job of every queue that is not empty comes due. Costs nothing for those that are. */
export async function dueQueues({ jobs }: Connection, isWanted: (queue: string) => boolean): Promise<NextDue[]> {
  const found = await jobs.aggregate<{ _id: string; due: Date; now: Date }>(stages, { hint: indexOf.next }).toArray();
  return found.flatMap(({ _id, due, now }) =>
    isWanted(_id) ? [{ queue: _id, ms: Math.max(0, due.getTime() - now.getTime()) }] : [],
  );
}

export function oneIn(queues: readonly string[]): (queue: string) => boolean {
  const wanted = new Set(queues);
  return (queue) => wanted.has(queue);
}
