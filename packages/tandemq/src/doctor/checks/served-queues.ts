import { countOf, mendUnserved, nobodyServes, serves } from "@tandemq/core";
import { waitingOf } from "../context.js";
import { type Check, type Finding, ok, warning } from "../finding.js";

/** Whether somebody works on every queue with jobs. */
export const servedQueues: Check = {
  name: "served-queues",
  needs: [],
  async run(context) {
    const [queues, workers] = await Promise.all([context.queues(), context.workers()]);
    const findings: Finding[] = [];
    for (const queue of queues) {
      const waiting = waitingOf(queue);
      if (waiting === 0 || workers.some((worker) => serves(worker, queue.name))) continue;
      findings.push(
        warning(
          `${countOf(waiting, "job waits", "jobs wait")} in queue ${queue.name}, and ${nobodyServes(workers, queue.name)}`,
          "Nothing of it will run.",
          sentence(mendUnserved(workers, queue.name)),
        ),
      );
    }
    return findings.length > 0
      ? findings
      : [ok(`${countOf(workers.length, "worker")}; every queue with jobs is served`)];
  },
};

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
