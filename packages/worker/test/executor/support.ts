import type { JobContext, Json, JsonObject, NewJob } from "@tandemq/core";
import { TaskNotFoundError } from "@tandemq/core";
import type { Assignment, Ended, LogLine } from "../../src/executor/assignment.js";
import type { Execution } from "../../src/executor/execution.js";
import { Executor } from "../../src/executor/executor.js";

export function job(more: Partial<Assignment> = {}): Assignment {
  return {
    n: 1,
    id: "a".repeat(24),
    path: "t",
    queue: "q",
    params: "{}",
    attempt: 1,
    deliveries: 1,
    settings: {},
    ...more,
  };
}

/** An executor whose only task is `t`, and what it told. */
export interface Bench {
  readonly executor: Executor;
  readonly ended: Ended[];
  readonly lines: LogLine[];
  readonly progress: [number, Json][];
  readonly stuck: Execution[];
}

export function benchOf(run: (params: JsonObject, context: JobContext) => unknown, killAfter: number = 50): Bench {
  const told = {
    ended: [] as Ended[],
    lines: [] as LogLine[],
    progress: [] as [number, Json][],
    stuck: [] as Execution[],
  };
  const tasks = {
    resolve: (path: string) => {
      if (path !== "t") throw new TaskNotFoundError(`no task ${path}`);
      return { path, run, settings: { keepFailures: 77 } };
    },
  };
  const executor = new Executor(tasks, killAfter, {
    ended: (one) => void told.ended.push(one),
    log: (line) => void told.lines.push(line),
    progress: (n, value) => void told.progress.push([n, value]),
    take: async ({ max }) => ({ free: max }),
    enqueue: async (jobs: readonly NewJob[]) => jobs.map(({ id }) => ({ id, created: true })),
    stuck: (one) => void told.stuck.push(one),
  });
  return { executor, ...told };
}
