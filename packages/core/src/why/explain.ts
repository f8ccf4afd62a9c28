import type { Job } from "../model/job.js";
import { type FinalStatus, isFinal } from "../model/status.js";
import type { WorkerRecord } from "../ports/registry.js";
import { countOf } from "../rules/count-of.js";
import { heldByLimit } from "../rules/limited-work.js";
import { explainRun } from "./explain-run.js";
import type { WhyReason } from "./reasons.js";
import { admits, covers, knows, load, mendUnserved, nobodyServes, serves } from "./worker-fit.js";

/** What is known about a job's surroundings. */
export interface Surroundings {
  readonly job: Job;
  /** Names and patterns of paused queues. */
  readonly paused: readonly string[];
  readonly workers: readonly WorkerRecord[];
  /** Jobs that wait in its queue, delayed ones included. */
  readonly queued: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Every reason for which the job does not run now, the first to mend first. */
export function explain(around: Surroundings): WhyReason[] {
  const { job } = around;
  if (isFinal(job.status)) return [over(job, job.status)];
  if (job.status === "started" && !job.lapsed) return [explainRun(job, around.workers)];
  const lapsed = job.lapsed ? [explainRun(job, around.workers)] : [];
  const ways = [isPaused(around), isEarly(around), isLimited(around), lacksWorker(around)];
  const reasons = [...lapsed, ...ways.filter((reason) => reason !== undefined)];
  return reasons.length > 0 ? reasons : [inLine(around)];
}

function over({ finishedAt, error }: Job, status: FinalStatus): WhyReason {
  const why = error ? `: ${error.name}: ${error.message}` : "";
  const when = finishedAt ? ` at ${finishedAt.toISOString()}` : "";
  const sentence = `it is over: it ended as ${status}${when}${why}`;
  return { reason: "final", status, sentence, ...(finishedAt ? { at: finishedAt } : {}), ...(error ? { error } : {}) };
}

function isPaused({ job: { queue }, paused }: Surroundings): WhyReason | undefined {
  const by = paused.find((name) => covers(name, queue));
  if (by === undefined) return undefined;
  return {
    reason: "paused",
    queue: by,
    sentence: `queue ${by} is paused: resume it with \`tandemq queues resume ${by}\``,
  };
}

function isEarly({ job, now }: Surroundings): WhyReason | undefined {
  const { due, status, attempt } = job;
  if (!due || due.getTime() <= now || heldByLimit(job, now)) return undefined;
  const because = status === "retry" ? "retry" : status === "interrupt" ? "snooze" : "delay";
  const what = because === "retry" ? `attempt ${attempt} failed and the next one is` : "it is";
  return { reason: "not due", until: due, because, sentence: `${what} not due before ${due.toISOString()}` };
}

function isLimited({ job, now }: Surroundings): WhyReason | undefined {
  const limited = heldByLimit(job, now);
  if (!limited) return undefined;
  const { kind, key, until } = limited;
  const of = key === undefined ? "" : ` of key ${JSON.stringify(key)}`;
  const when = until ? ` until ${until.toISOString()}` : "";
  const why = kind === "concurrency" ? `as many jobs${of} run as its limit allows` : `its limit${of} is used up`;
  return { reason: "limited", ...limited, sentence: `it is held back${when}: ${why}` };
}

/** The first thing that all workers lack. */
function lacksWorker({ job: { queue, path }, workers }: Surroundings): WhyReason | undefined {
  const serving = workers.filter((worker) => worker.state !== "stopping" && serves(worker, queue));
  if (serving.length === 0) {
    const sentence = `no worker serves queue ${queue} (${nobodyServes(workers, queue)}): ${mendUnserved(workers, queue)}`;
    return { reason: "no worker", queue, workers: workers.length, sentence };
  }
  const knowing = serving.filter((worker) => knows(worker, path));
  if (knowing.length === 0) {
    const sentence = `task ${path} is unknown to the ${countOf(serving.length, "worker")} on its queue: deploy its code there, and name its module in \`tasks\``;
    return { reason: "unknown task", path, workers: serving.length, sentence };
  }
  const admitting = knowing.filter((worker) => admits(worker, path));
  if (admitting.length > 0) return isBusy(admitting);
  const sentence = `task ${path} is filtered here and served nowhere: its ${countOf(knowing.length, "worker leaves", "workers leave")} it to others`;
  return { reason: "filtered", path, workers: knowing.length, sentence };
}

function isBusy(workers: readonly WorkerRecord[]): WhyReason | undefined {
  const loads = workers.map(load);
  if (loads.some(({ running, slots }) => running < slots)) return undefined;
  const slots = loads.reduce((sum, one) => sum + one.slots, 0);
  const sentence = `all ${slots} slots of the ${countOf(workers.length, "worker")} that could run it are taken: it waits for its turn`;
  return { reason: "busy", workers: workers.length, slots, sentence };
}

function inLine({ queued }: Surroundings): WhyReason {
  const sentence = `nothing is in its way: it starts when those before it have (${countOf(queued, "job waits", "jobs wait")} in its queue)`;
  return { reason: "in line", queued, sentence };
}
