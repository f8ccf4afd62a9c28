import type { BrokerContext } from "../broker-context.js";
import { idsOfMember } from "../entry/pack-name.js";
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
    const answers = await removeWaiting(context, queue, ids);
    removed += answers.reduce((sum, { jobs }) => sum + jobs, 0);
    skipped += answers.filter(({ stays }) => stays).length;
    left -= ids.length;
  }
  return removed;
}

interface Removed {
  readonly jobs: number;
  /** Whether it still stands in its place: it is held. */
  readonly stays: boolean;
}

async function removeWaiting(context: BrokerContext, queue: string, members: readonly string[]): Promise<Removed[]> {
  const { connections, keys } = context;
  const ask = async (names: readonly string[]) =>
    (await connections.run("producer", remove, keys.queue(queue).of(remove), ["waiting", ...names])) as string[];
  const answers = await ask(members);
  return Promise.all(
    members.map(async (member, i) => {
      const ids = idsOfMember(member);
      if (answers[i] !== "missing" || ids.length === 1)
        return { jobs: answers[i] === "done" ? ids.length : 0, stays: answers[i] === "started" };
      // A claim has cut the pack since, or something opened it.
      const rest = await ask(ids);
      return { jobs: rest.filter((answer) => answer === "done").length, stays: false };
    }),
  );
}
