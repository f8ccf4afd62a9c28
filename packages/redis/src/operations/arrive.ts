import type { Job } from "@tandemq/core";
import { type BrokerContext, groupBy, mostJobs, pieces } from "../broker-context.js";
import { arrive as script } from "../generated/lua.js";

/** Received jobs stand in line. */
export async function arrive(context: BrokerContext, jobs: readonly Job[]): Promise<void> {
  const { connections, keys, cold, board } = context;
  for (const [queue, positions] of groupBy(jobs, (job) => job.queue)) {
    for (const piece of pieces(positions, mostJobs)) {
      const each = piece.map((position) => jobs[position] as Job).flatMap(({ id, due }) => [id, due?.getTime() ?? 0]);
      await connections.run("producer", script, keys.queue(queue).of(script), [keys.wake, queue, ...each]);
    }
    cold.warm([queue]);
    board.wake([queue]);
  }
}
