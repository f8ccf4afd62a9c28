import { isStatus, type QueueCounts, type Status, statuses } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";
import { counts as script } from "../generated/lua.js";

type CountsReply = readonly [live: number, started: number, retry: number, interrupt: number, ended: readonly string[]];

export async function counts(context: BrokerContext, queues: readonly string[]): Promise<Map<string, QueueCounts>> {
  return new Map(await Promise.all(queues.map(async (queue) => [queue, await countsOf(context, queue)] as const)));
}

async function countsOf({ connections, keys }: BrokerContext, queue: string): Promise<QueueCounts> {
  const reply = await connections.run("producer", script, keys.queue(queue).of(script), []);
  const [live, started, retry, interrupt, ended] = reply as CountsReply;
  const found = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>;
  for (let i = 0; i < ended.length; i += 2) {
    const status = ended[i];
    if (isStatus(status)) found[status] = Math.max(0, Number(ended[i + 1]));
  }
  return { ...found, queued: Math.max(0, live - started - retry - interrupt), started, retry, interrupt };
}
