import { nobodyServes, countOf, serves } from "@tandemq/core";
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
          `${countOf(waiting, "job waits", "jobs wait")} in queue ${queue.name}, and ${nobodyServes(workers.length)}`,
          "Nothing of it will run.",
          `Start a worker: \`tandemq worker ${queue.name}\`.`,
        ),
      );
    }
    return findings.length > 0
      ? findings
      : [ok(`${countOf(workers.length, "worker")}; every queue with jobs is served`)];
  },
};
