import type { WorkerEnd } from "../../events.js";
import type { Worker } from "../../worker.js";
import type { StopHow } from "./shutdown.js";

const stages: readonly StopHow[] = ["drain", "abort", "kill"];

/**
 * Starts the worker and lets SIGTERM and SIGINT end it: the first drains, the second aborts the tasks and gives their
 * jobs back, the third kills. Resolves with the worker's end, whose `code` is the exit code; never rejects.
 */
export async function runUntilSignalled(worker: Worker): Promise<WorkerEnd> {
  let stage = 0;
  const onSignal = () => void worker.stop(stages[Math.min(stage++, stages.length - 1)]);
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  try {
    worker.start().catch(() => {});
    return await worker.stopped;
  } finally {
    process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
  }
}
