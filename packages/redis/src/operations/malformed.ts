import type { SetAside } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";

/** An entry that could not be a job, as it was found. */
export interface MalformedEntry extends SetAside {
  /** The text of the entry, at most 100,000 bytes of it. */
  readonly raw: string;
}

/** What was set aside in the queue, newest first. */
export async function malformed(
  { connections, keys }: BrokerContext,
  queue: string,
  limit: number,
): Promise<MalformedEntry[]> {
  const key = keys.queue(queue).key("malformed");
  const kept = await connections.command("producer", (client) => client.lrange(key, 0, limit - 1));
  return kept.map((text) => {
    const [id = "", reason = ""] = text.split("\n", 2);
    return { queue, id, reason, raw: text.slice(id.length + reason.length + 2) };
  });
}
