import type { WorkerSettings } from "../options.js";
import { dismissEarlyChild } from "./early-child.js";
import type { ExecutorPool, PoolListener } from "./executor-pool.js";
import { ForkedPool } from "./forked-pool.js";
import { InlinePool } from "./inline-pool.js";
import { SoloPool } from "./solo-pool.js";
import { TaskFiles } from "./task-files.js";

export interface Pools {
  readonly main: ExecutorPool;
  readonly solo: SoloPool;
}

/** The pool for common jobs, inline or forked, and the one for jobs that were lost before. */
export function createPools(settings: WorkerSettings, listener: PoolListener): Pools {
  const { processes, concurrency: slots, killAfter, recycle } = settings;
  const { completion } = settings.deployment;
  const common = { files: new TaskFiles(settings.tasks), killAfter, listener, completion };
  const solo = new SoloPool({ ...common, processes: Math.max(1, processes) });
  if (processes > 0) return { main: new ForkedPool({ ...common, processes, slots, recycle }), solo };
  dismissEarlyChild();
  return { main: new InlinePool({ ...common, slots }), solo };
}
