import type { Hold } from "@tandemq/core";
import { type BrokerContext, groupBy, mostJobs, pieces } from "../broker-context.js";
import { begin as script } from "../generated/lua.js";

/** Frees the unique keys until the start of deliveries that kept them. */
export async function begin({ connections, keys }: BrokerContext, holds: readonly Hold[]): Promise<void> {
  const calls: Promise<unknown>[] = [];
  for (const [queue, positions] of groupBy(holds, (hold) => hold.queue)) {
    for (const piece of pieces(positions, mostJobs)) {
      const args = piece.flatMap((position) => [holds[position]?.id ?? "", holds[position]?.token ?? ""]);
      calls.push(connections.run("worker", script, keys.queue(queue).of(script), args));
    }
  }
  await Promise.all(calls);
}
