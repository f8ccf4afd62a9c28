import type { WorkerRecord } from "../ports/registry.js";
import { countOf } from "../rules/count-of.js";

/** Whether a queue's name is meant by a name or a pattern: `crawl/` and `crawl/*` stand for every queue below `crawl`. */
export function covers(pattern: string, queue: string): boolean {
  if (pattern.endsWith("*")) return queue.startsWith(pattern.slice(0, -1));
  return pattern.endsWith("/") ? queue.startsWith(pattern) : pattern === queue;
}

/** Whether the worker takes jobs of the queue. */
export function serves({ serves: asked, queues, mismatched }: WorkerRecord, queue: string): boolean {
  if (mismatched?.includes(queue)) return false;
  if (queues.includes(queue)) return true;
  return asked !== undefined && (asked.length === 0 || asked.some((pattern) => covers(pattern, queue)));
}

/** Whether the worker has the task's code; one that does not tell its tasks, or has too many to tell, may. */
export function knows({ tasks, tasksCut }: WorkerRecord, path: string): boolean {
  return tasks === undefined || tasksCut === true || tasks.includes(path);
}

/** Whether the worker's own task lists let it take the task. */
export function admits({ only, except }: WorkerRecord, path: string): boolean {
  if (except?.some((pattern) => matches(pattern, path))) return false;
  return only === undefined || only.length === 0 || only.some((pattern) => matches(pattern, path));
}

function matches(pattern: string, path: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === path;
  const last = rest.pop() ?? "";
  let at = first.length;
  if (!path.startsWith(first) || !path.endsWith(last)) return false;
  for (const part of rest) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= path.length - last.length;
}

/** Jobs that the worker runs, and those that it can run at a time. */
export function load({ report, concurrency, processes }: WorkerRecord): { running: number; slots: number } {
  const running =
    typeof report === "object" && report !== null && "runningCount" in report ? report["runningCount"] : 0;
  return { running: Number(running), slots: concurrency * Math.max(1, processes) };
}

/** What is said where none of these workers serves a queue. */
export function nobodyServes(workers: readonly WorkerRecord[], queue: string): string {
  if (workers.length === 0) return "no worker is alive";
  const mismatched = workers.filter((worker) => worker.mismatched?.includes(queue)).length;
  if (mismatched > 0) {
    return `${countOf(mismatched, "worker has", "workers have")} another mode configured for it than is recorded, or none`;
  }
  return workers.length === 1 ? "the only worker does not serve it" : `none of the ${workers.length} workers serves it`;
}

/** What is to be done where nobody serves a queue. */
export function mendUnserved(workers: readonly WorkerRecord[], queue: string): string {
  return workers.some((worker) => worker.mismatched?.includes(queue))
    ? "restart it with the configuration that holds, or move the jobs with `tandemq queues migrate " + queue + "`"
    : `start one with \`tandemq worker ${queue}\``;
}
