import type { JobId } from "@tandemq/core";
import { type BrokerContext, pieces } from "../broker-context.js";
import type { Client } from "../connection/connection.js";
import { idsOfMember, isPackName } from "../entry/pack-name.js";

/** A way through the jobs of one queue: `head` and `later` from the front, others from the end or in no order. */
export type List = "ready" | "due" | "failed" | "head" | "later" | "token" | "retry" | "interrupt";

const page = 100;
/** Entries that one step of a scan reads, whole. */
const scanned = 500;

/** The ids of a list, a page at a time. */
export async function* pagesOf(context: BrokerContext, queue: string, list: List): AsyncGenerator<JobId[]> {
  const backwards = list !== "head" && list !== "later";
  for await (const members of membersOf(context, queue, list)) {
    const ids = members.flatMap((member) => (backwards ? idsOfMember(member).reverse() : idsOfMember(member)));
    yield* pieces(ids, page);
  }
}

async function* membersOf(context: BrokerContext, queue: string, list: List): AsyncGenerator<string[]> {
  const keys = context.keys.queue(queue);
  switch (list) {
    case "head":
      return yield* ranges(context, (client, from, to) => client.zrange(keys.key("ready"), from, String(to)));
    case "later":
      return yield* ranges(context, (client, from, to) => client.zrange(keys.key("due"), from, String(to)));
    case "token":
      return yield* scans(context, async (client, cursor) => {
        const [next, pairs] = await client.hscan(keys.key(list), cursor, "COUNT", page);
        return [next, pairs.filter((_, i) => i % 2 === 0)];
      });
    case "retry":
    case "interrupt":
      return yield* scans(context, (client, cursor) => client.sscan(keys.key(list), cursor, "COUNT", page));
    default:
      return yield* ranges(context, (client, from, to) => client.zrevrange(keys.key(list), from, to));
  }
}

/**
 * The ids of all jobs in packs. A job leaves packs for good, and what is left of a pack comes later in their order: after
 * this, a scan of the entries gives those that are in no pack any more.
 */
export async function* packedIds({ connections, keys }: BrokerContext, queue: string): AsyncGenerator<JobId[]> {
  const key = keys.queue(queue).key("packs");
  const [last] = await connections.command("producer", (client) => client.zrange(key, "-1", "-1"));
  const end = idsOfMember(last ?? "").at(-1);
  for (let after = "-"; end; ) {
    const from = after;
    const names = await connections.command("producer", (client) =>
      client.zrangebylex(key, from, `[${end}~`, "LIMIT", 0, page),
    );
    yield* pieces(names.flatMap(idsOfMember), page);
    if (names.length < page) return;
    after = `(${names.at(-1)}`;
  }
}

/** The ids of a hash, everything that is in it from begin to end at least once. */
export async function* scanOf(
  context: BrokerContext,
  queue: string,
  hash: "body" | "failedBody",
): AsyncGenerator<JobId[]> {
  const key = context.keys.queue(queue).key(hash);
  yield* scans(context, async (client, cursor) => {
    const [next, pairs] = await client.hscan(key, cursor, "COUNT", scanned);
    return [next, pairs.filter((name, i) => i % 2 === 0 && !isPackName(name))];
  });
}

type Range = (client: Client, from: number, to: number) => Promise<JobId[]>;

async function* ranges({ connections }: BrokerContext, read: Range): AsyncGenerator<JobId[]> {
  for (let from = 0; ; from += page) {
    const ids = await connections.command("producer", (client) => read(client, from, from + page - 1));
    if (ids.length > 0) yield ids;
    if (ids.length < page) return;
  }
}

type Scan = (client: Client, cursor: string) => Promise<[cursor: string, ids: JobId[]]>;

async function* scans({ connections }: BrokerContext, read: Scan): AsyncGenerator<JobId[]> {
  let cursor = "0";
  do {
    const [next, ids] = await connections.command("producer", (client) => read(client, cursor));
    if (ids.length > 0) yield ids;
    cursor = next;
  } while (cursor !== "0");
}
