import { admits, knows, countOf, serves, type WorkerRecord } from "@tandemq/core";
import { type QueueFacts, waitingOf } from "../context.js";
import { type Check, type Finding, ok, warning } from "../finding.js";

/** Jobs at the head of each queue that are looked at. */
const sample = 1_000;

/** Whether every job that waits has a worker that knows its task, and takes it. */
export const knownTasks: Check = {
  name: "known-tasks",
  needs: [],
  async run(context) {
    const [queues, workers] = await Promise.all([context.queues(), context.workers()]);
    const findings: Finding[] = [];
    for (const queue of queues) findings.push(...(await checkQueue(queue, workers)));
    return findings.length > 0 ? findings : [ok("every job that waits on a served queue has a worker for its task")];
  },
};

async function checkQueue(queue: QueueFacts, workers: readonly WorkerRecord[]): Promise<Finding[]> {
  const serving = workers.filter((worker) => serves(worker, queue.name));
  if (serving.length === 0 || waitingOf(queue) === 0) return [];
  const jobs = await queue.broker.find({ queue: queue.name, order: "head", limit: sample });
  const paths = new Map<string, number>();
  for (const { path } of jobs) paths.set(path, (paths.get(path) ?? 0) + 1);
  return [...paths].flatMap(([path, found]) => checkPath(queue.name, path, found, serving));
}

function checkPath(queue: string, path: string, found: number, serving: readonly WorkerRecord[]): Finding[] {
  const knowing = serving.filter((worker) => knows(worker, path));
  const jobs = `${countOf(found, "job")} at the head of queue ${queue} ${found === 1 ? "is" : "are"} of task ${path}`;
  if (knowing.length === 0) {
    const means = "They will fail with TaskNotFoundError when their turn comes.";
    const todo = "Deploy the code, and name its module in `tasks`; or cancel the jobs.";
    return [warning(`${jobs}, which ${nobodyKnows(serving.length)}`, means, todo)];
  }
  if (knowing.some((worker) => admits(worker, path))) return [];
  const means = "They are filtered here and served nowhere: they will never run.";
  return [warning(`${jobs}, which every worker leaves to others`, means, "Start a worker whose task lists admit it.")];
}

function nobodyKnows(workers: number): string {
  return workers === 1 ? "the only worker there does not know" : `none of the ${workers} workers there knows`;
}
