import type { BrokerContext } from "../broker-context.js";

/** The time of the Redis server, milliseconds since the epoch. */
export async function now({ connections }: BrokerContext): Promise<number> {
  const [seconds, micros] = await connections.command("producer", (client) => client.time());
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
