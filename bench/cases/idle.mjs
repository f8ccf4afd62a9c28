/** Store commands per second of a worker that has nothing to do: what clients send, not what scripts do inside. */
import { sleep, until } from "../lib/clock.mjs";
import { countLedger } from "../lib/ledger.mjs";
import { act, finish, freshRun, startWorker } from "../lib/measure.mjs";
import { watchCommands } from "../lib/store-commands.mjs";

/** Ten seconds hold two heartbeats of every peer: less would count chance. */
export function idleCase() {
  return {
    name: "idle cost",
    title: "Commands per second to both stores, worker idle",
    unit: "per s",
    rounds: 1,
    variants: [
      ...["no-storage", "regular"].flatMap((peer) => [
        { name: `${peer}, 1 queue`, peer, count: 1 },
        { name: `${peer}, 1,000 queues`, peer, count: 1_000, pattern: "many-*" },
      ]),
      { name: "no-storage, 10,000 sub-queues", peer: "no-storage", count: 10_000, pattern: "many/*" },
    ],
    async measure(services, { peer, count, pattern = "bench" }) {
      const queues = Array.from({ length: count }, (_, i) => pattern.replace("*", i));
      const run = await freshRun(services, peer, { concurrency: 25, processes: 1, queue: queues[0], pattern });
      const worker = await startWorker(run, pattern.includes("/") ? { serve: ["many/"] } : {});
      try {
        if (count > 1) await act(run, "spread", { queues });
        else await act(run, "fill", { count });
        await until(() => countLedger(run.ledger) >= count, "the first job of each queue");
        await finish(run, count);
        // Past the looks that follow a last job.
        await sleep(6_000);
        return await watchCommands(services, 10_000);
      } finally {
        await worker.stop();
      }
    },
  };
}
