import { newJobId, NotSupportedError, type Outcome } from "@tandemq/core";
import type { Logger } from "pino";
import { Executor } from "./executor/executor.js";
import type { TaskPatterns } from "./pools/task-files.js";
import { loadTasks } from "./tasks/load-tasks.js";

const noStores =
  "a task that is run without a worker has no stores to enqueue into: enqueue it, and let a worker run it";

/**
 * Runs a task once, in this process and without a store, through the same steps as a worker's job. The outcome is what
 * the worker would settle; there is no second attempt.
 *
 * @param params JSON text
 */
export async function runHere(path: string, params: string, tasks: TaskPatterns, logger: Logger): Promise<Outcome> {
  const registry = await loadTasks(tasks.patterns, tasks.cwd, tasks);
  for (const { file, message } of registry.faults) logger.error({ file }, `could not be imported: ${message}`);
  let executor: Executor | undefined;
  try {
    return await new Promise<Outcome>((resolve) => {
      const interrupted: Outcome = { status: "interrupt" };
      executor = new Executor(registry, Number.POSITIVE_INFINITY, {
        ended: ({ outcome }) => resolve(outcome ?? interrupted),
        progress: (_n, progress) => logger.info({ progress }, "progress"),
        log: ({ level, message, data }) => logger[level]({ data }, message),
        enqueue: () => Promise.reject(new NotSupportedError(noStores)),
        take: async ({ max }) => ({ free: max }),
        stuck: () => undefined,
      });
      const settings = { attempts: 1, limitKeys: [] };
      executor.run({ n: 1, id: newJobId(), path, queue: "here", params, attempt: 1, deliveries: 1, settings });
    });
  } finally {
    executor?.close();
  }
}
