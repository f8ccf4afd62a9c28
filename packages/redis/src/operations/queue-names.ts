import type { BrokerContext } from "../broker-context.js";

/** Before its first job the queue's name is noted, so that a look at all queues finds it. */
export async function noteName({ connections, keys, known }: BrokerContext, queue: string): Promise<void> {
  if (known.has(queue)) return;
  await connections.command("producer", (client) => client.sadd(keys.names, queue));
  known.add(queue);
}

/** The queues that jobs were ever added to. */
export async function queueNames({ connections, keys }: BrokerContext): Promise<string[]> {
  return (await connections.command("producer", (client) => client.smembers(keys.names))).sort();
}
