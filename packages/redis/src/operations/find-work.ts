import { type BrokerContext, pieces } from "../broker-context.js";
import { type Finding, queuesPerLook } from "../cold-queues.js";
import type { Connections } from "../connection/connections.js";
import { findWork as script } from "../generated/lua.js";

/** Deployments whose queues stand on different servers, or slots of one: each queue is asked by itself. */
const apart = new WeakSet<Connections>();

/** Queues that are asked at a time where each is asked by itself. */
const atOnce = 100;

/** Which of the queues have work, and when the others will: one call for a thousand of them, but in a cluster. */
export async function findWork(context: BrokerContext, queues: readonly string[]): Promise<Finding> {
  const { connections } = context;
  if (apart.has(connections)) return { apart: true, waits: await findApart(context, queues) };
  try {
    const found = await Promise.all(pieces(queues, queuesPerLook).map((some) => find(context, some)));
    return { apart: false, waits: new Map(found.flat()) };
  } catch (error) {
    if (!(error instanceof Error && /CROSSSLOT|same slot/i.test(error.message))) throw error;
    apart.add(connections);
    return findWork(context, queues);
  }
}

async function findApart(context: BrokerContext, queues: readonly string[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const some of pieces(queues, atOnce)) {
    const answers = await Promise.all(some.map((queue) => find(context, [queue])));
    for (const [queue, wait] of answers.flat()) found.set(queue, wait);
  }
  return found;
}

async function find({ connections, keys }: BrokerContext, queues: readonly string[]): Promise<[string, number][]> {
  const all = queues.flatMap((queue) => keys.queue(queue).of(script));
  const reply = (await connections.run("worker", script, all, [])) as number[];
  return pieces(reply, 2).map(([place = 0, wait = 0]) => [queues[place - 1] as string, wait]);
}
