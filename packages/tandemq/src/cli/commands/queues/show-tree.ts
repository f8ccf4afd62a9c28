import { type Client, count, countOf, type QueueTree, statuses } from "@tandemq/core";
import { clean, paint } from "../../output/style.js";
import type { View } from "../../output/view.js";

/** A tree of queues such as `crawl/`: its jobs per status, and the queues there are by now. */
export async function lookAtTree(client: Client, name: `${string}/`): Promise<View> {
  const tree = client.queue(name);
  const [paused, counts, queues] = await Promise.all([tree.isPaused(), tree.counts(), tree.queues()]);
  return { json: { tree: name, paused, counts, queues }, lines: linesOf(name, paused, counts, queues) };
}

function linesOf(
  name: string,
  paused: boolean,
  counts: Awaited<ReturnType<QueueTree["counts"]>>,
  queues: readonly string[],
): string[] {
  const found = statuses.filter((status) => counts[status] > 0).map((status) => `${count(counts[status])} ${status}`);
  return [
    `${paint("bold", clean(name))}  ${countOf(queues.length, "queue")}${paused ? paint("yellow", "  paused") : ""}`,
    found.join(", ") || "no jobs",
    ...(queues.length > 0 ? ["", ...queues.map((queue) => `  ${clean(queue)}`)] : []),
  ];
}
