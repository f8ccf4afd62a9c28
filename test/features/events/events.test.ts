import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "@jest/globals";
import { createWorker } from "tandemq";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, featureGroup } from "../support/feature.js";

const cwd = dirname(fileURLToPath(import.meta.url));

/** A worker inside this process, as in a service of somebody's, for two queues of the cell. */
async function embedded({ site, processes }: Cell, queues: readonly string[]) {
  const lines: string[] = [];
  const env = { ...site.env, TANDEMQ_PROCESSES: `${processes}` };
  const logTo = { write: (line: string) => void lines.push(line) };
  const worker = await createWorker(undefined, { cwd, env, queues, logTo });
  const sums = new Map<string, number>();
  const count = (name: string) => void sums.set(name, (sums.get(name) ?? 0) + 1);
  return { worker, sums, count, threw: () => lines.filter((line) => line.includes("an event listener threw")).length };
}

/** How jobs end, and the statuses that are told of their deliveries. */
const ends = {
  success: ["success"],
  failed: ["failed"],
  abort: ["abort"],
  timeout: ["timeout"],
  expired: ["expired"],
  retry: ["retry", "success"],
} as const;

featureGroup(
  "Events",
  import.meta.url,
  (feature) => {
    feature(
      "events of claims and ends, summed by queue and status; a listener that throws or rejects harms nobody",
      async (cell) => {
        const queues = [cell.queue(), cell.queue()];
        const { worker, sums, count, threw } = await embedded(cell, queues);
        worker.on("claim", () => {
          throw new Error("of the listener");
        });
        worker.on("settle", () => Promise.reject(new Error("of the asynchronous listener")));
        worker.on("claim", (deliveries, mode, claims) => {
          expect([mode, claims.length]).toEqual([cell.mode, deliveries]);
          for (const { queue } of claims) count(`${queue} claim`);
        });
        // What a process gives back because it stands still is claimed again.
        worker.on("settle", ({ claim }, { status }) =>
          count(`${claim.queue} ${status === "interrupt" ? "back" : status}`),
        );
        worker.on("stopped", ({ code }) => count(`stopped ${code}`));
        try {
          for (const queue of queues) {
            for (const how of Object.keys(ends)) {
              const limits = how === "timeout" ? { timeout: 5 } : how === "expired" ? { startBy: new Date(1000) } : {};
              await cell.client.enqueue(
                "events.ends",
                { how },
                { queue, attempts: how === "retry" ? 2 : 1, ...limits },
              );
            }
          }
          await worker.start();
          const settled = () =>
            [...sums].filter(([name]) => !/ (claim|back)$/.test(name)).reduce((sum, [, n]) => sum + n, 0);
          await waitFor("all are over", async () => settled() === 2 * Object.values(ends).flat().length);
        } finally {
          await worker.stop();
        }
        const back = (queue: string) => sums.get(`${queue} back`) ?? 0;
        const expected = queues.flatMap((queue) => [
          [`${queue} claim`, 6 + back(queue)],
          ...(back(queue) > 0 ? [[`${queue} back`, back(queue)]] : []),
          ...["failed", "abort", "timeout", "expired", "retry"].map((status) => [`${queue} ${status}`, 1]),
          [`${queue} success`, 2],
        ]);
        expect(Object.fromEntries(sums)).toEqual({ ...Object.fromEntries(expected), "stopped 0": 1 });
        expect(threw()).toBeGreaterThan(2 * Object.values(ends).flat().length);
      },
    );
  },
  ["regular/nobody"],
);
