import { chunks } from "../connection/batches.js";
import type { Connection } from "../connection/connection.js";
import { inLine, oneOf } from "../documents/filters.js";
import type { Stored } from "../documents/job-document.js";
import { dueQueues, oneIn } from "./due-queues.js";
import { indexOf } from "../schema/indexes.js";
import { maxQueues } from "./haul.js";

export interface NextDue {
  readonly queue: string;
  /** Milliseconds from now, by the server's clock; 0 when it is due already. */
  readonly ms: number;
}

/** The next job of any of these queues to come due: one key of the index per queue. */
export async function nextDue(connection: Connection, queues: readonly string[]): Promise<NextDue | undefined> {
  const { jobs } = connection;
  if (queues.length > maxQueues) return earliest(await dueQueues(connection, oneIn(queues)));
  const projection = { _id: 0, queue: 1, due: 1, now: "$$NOW" } as const;
  const firsts = await Promise.all(
    chunks(queues, maxQueues).map((some) =>
      jobs.findOne<Stored>({ queue: oneOf(some), ...inLine }, { projection, sort: { due: 1 }, hint: indexOf.next }),
    ),
  );
  return earliest(firsts.map(waitFor));
}

function earliest(all: readonly NextDue[]): NextDue | undefined {
  return [...all].sort((a, b) => a.ms - b.ms).find(({ ms }) => ms < Number.POSITIVE_INFINITY);
}

function waitFor(stored: Stored | null): NextDue {
  const { queue, due, now } = stored ?? {};
  if (!(due instanceof Date && now instanceof Date)) return { queue: "", ms: Number.POSITIVE_INFINITY };
  return { queue: String(queue), ms: Math.max(0, due.getTime() - now.getTime()) };
}
