import type { Json } from "@tandemq/core";
import type { Logger } from "pino";
import type { Delivery } from "../../delivery.js";
import type { LogLine } from "../../executor/assignment.js";
import type { Blocked, ChildEnd } from "../../pools/executor-pool.js";
import type { TaskFault } from "../../tasks/task-registry.js";

/** What the worker's log says of its pools, in the words of an operator. */
export class PoolLog {
  readonly #logger: Logger;
  readonly #faults = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** A task's own line, marked with its job. */
  job({ claim: { id, path, queue } }: Delivery, { level, message, data }: LogLine): void {
    this.#logger[level]({ job: id, path, queue, ...fields(data) }, message);
  }

  /** @returns the faults that are new */
  faults(faults: readonly TaskFault[]): TaskFault[] {
    const fresh = faults.filter(({ file }) => !this.#faults.has(file));
    for (const { file, message } of fresh) {
      this.#faults.add(file);
      this.#logger.error({ file, code: "TASK_LOAD" }, `TaskLoadError: ${file} could not be imported: ${message}`);
    }
    return fresh;
  }

  noTasks(): void {
    this.#logger.warn("no tasks were found: every job will fail; check the patterns of `tasks`");
  }

  abandoned({ claim: { id, path, queue } }: Delivery): void {
    this.#logger.warn(
      { job: id, path, queue },
      "a task ignores its aborted signal: its slot is free again, but its code still runs",
    );
  }

  childEnd({ pid, code, signal, why, error, running, intended }: ChildEnd): void {
    if (intended && running.length === 0) return this.#logger.debug({ pid }, "a child process ended");
    const jobs = running.map(({ claim: { id, path } }) => `${path} ${id}`);
    this.#logger.error(
      { pid, code, signal, jobs, ...(error ? { err: error } : {}) },
      `a child process ended: ${why ?? signal ?? `code ${code}`}`,
    );
  }

  blocked(pid: number, { ms, holder, running, stack }: Blocked): void {
    const tasks = [...new Set((holder ? [holder] : running).map(({ claim }) => claim.path))];
    const job = holder ? { job: holder.claim.id } : {};
    this.#logger.warn(
      { pid, ms, tasks, ...job, stack },
      `${tasks.join(", ")} holds the thread of a child process, which gets no new jobs meanwhile`,
    );
  }
}

/** What the worker's own line says beside the task's data. */
const own: readonly string[] = ["job", "path", "queue", "level", "time", "pid", "hostname", "name", "msg"];

/** Data that would say something else of the line than the worker does stays together, as a field of its own. */
function fields(data: Json | undefined): object {
  if (data === undefined) return {};
  const isPlain = typeof data === "object" && data !== null && !Array.isArray(data);
  return isPlain && !own.some((name) => Object.hasOwn(data, name)) ? data : { data };
}
