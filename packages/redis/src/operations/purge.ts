import type { BrokerContext } from "../broker-context.js";
import { remove } from "../generated/lua.js";

const step = 1_000;

/** Deletes all waiting jobs of a queue, a bounded step at a time, and returns how many. */
export async function purge(context: BrokerContext, queue: string): Promise<number> {
  return (await purgeList(context, queue, "due")) + (await purgeList(context, queue, "ready"));
}

/** Ends after as many jobs as the list had at first: producers may add faster than this deletes. */
async function purgeList(context: BrokerContext, queue: string, list: "due" | "ready"): Promise<number> {
  const key = context.keys.queue(queue).key(list);
  let left = await context.connections.command("producer", (client) => client.zcard(key));
  let skipped = 0;
  let removed = 0;
  while (left > 0) {
    const ids = await context.connections.command("producer", (client) =>
      client.zrange(key, skipped, String(skipped + step - 1)),
    );
    if (ids.length === 0) break;
    const gone = await removeWaiting(context, queue, ids);
    removed += gone;
    skipped += ids.length - gone;
    left -= ids.length;
  }
  return removed;
}

async function removeWaiting(
  { connections, keys }: BrokerContext,
  queue: string,
  ids: readonly string[],
): Promise<number> {
  const answers = await connections.run("producer", remove, keys.queue(queue).of(remove), ["waiting", ...ids]);
  return (answers as string[]).filter((answer) => answer === "done").length;
}
