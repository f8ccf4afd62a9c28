import type { BrokerContext } from "../broker-context.js";

/** The list of names is written first and cleared last: what a queue's own key says is always found by it. */
export async function pause({ connections, keys }: BrokerContext, queue: string): Promise<void> {
  await connections.command("producer", (client) => client.sadd(keys.pausedNames, queue));
  await connections.command("producer", (client) => client.set(keys.queue(queue).key("paused"), 1));
}

export async function resume({ connections, keys }: BrokerContext, queue: string): Promise<void> {
  await connections.command("producer", (client) => client.del(keys.queue(queue).key("paused")));
  await connections.command("producer", (client) => client.srem(keys.pausedNames, queue));
  await connections.command("producer", (client) => client.publish(keys.wake, queue));
}

export async function paused({ connections, keys }: BrokerContext): Promise<string[]> {
  const names = await connections.command("producer", (client) => client.smembers(keys.pausedNames));
  const found = await Promise.all(
    names.map((queue) => connections.command("producer", (client) => client.exists(keys.queue(queue).key("paused")))),
  );
  return names.filter((name, i) => found[i] === 1 || name.endsWith("/")).sort();
}
