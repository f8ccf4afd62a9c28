import { type AttemptRecord, heldKey, type Job, lineTime, maxHistory, type QueueShape } from "@tandemq/core";
import { rankStep } from "../keys.js";
import { writeHead, writeKey } from "./write-entry.js";

/** Orders count from then on, microseconds; ranks of one priority span this many. */
const epoch = Date.UTC(2025, 0, 1);

/**
 * The entry of a job that was elsewhere before: its claimer is to look for what is known of it.
 *
 * @param until when it comes due if it does not arrive, milliseconds since the epoch
 */
export function writeJob(job: Job, until: number): string {
  const { params, priority, generation, queuedAt, startBy, ...more } = job;
  const parked = { until, due: job.due?.getTime() ?? 0 };
  const head = writeHead({ ...more, ...(startBy ? { startBy: { at: startBy.getTime() } } : {}), seen: true, parked });
  return `${queuedAt.getTime()} ${generation} ${priority}\n${head}\n${JSON.stringify(params)}`;
}

/** What earlier deliveries left behind, as the scripts write it: never nothing, so that the job keeps its place. */
export function writePast({ attempt, deliveries, lost, history }: Job): string {
  return [`${attempt} ${deliveries} ${lost} -`, ...history.slice(-maxHistory).map(writeRun)].join("\n");
}

function writeRun({ attempt, status, startedAt, finishedAt, worker, error }: AttemptRecord): string {
  const times = `${startedAt?.getTime() ?? 0} ${finishedAt.getTime()}`;
  const token = worker === undefined ? "-" : `${worker.replace(/\s/g, "_")}~`;
  return `${attempt} ${status} ${times} ${token} ${error === undefined ? "" : JSON.stringify(error)}`;
}

/** The key that the job takes, as the scripts keep it, and until when at least. */
export function keyOf(job: Job): { readonly key: string; readonly keyUntil?: number } {
  const key = heldKey(job);
  if (!key) return { key: "" };
  return { key: writeKey({ key }), ...(key.for === undefined ? {} : { keyUntil: job.queuedAt.getTime() + key.for }) };
}

/** The rank of the job's place in a queue that goes by time. */
export function rankOf(job: Job, isLifo: boolean): string {
  const order = Math.min(Math.max(0, (lineTime(job) - epoch) * 1000), rankStep - 1);
  return ((isLifo ? rankStep - 1 - order : order) - job.priority * rankStep).toFixed(0);
}

/** The time that gives a job of this rank its place in a queue that goes by time, milliseconds since the epoch. */
export function lineTimeOf(rank: number, priority: number, { kind, order }: QueueShape): number {
  if (kind === "timed") return epoch + rank / 1000;
  const place = rank + priority * rankStep;
  return epoch + (order === "lifo" ? rankStep - 1 - place : place) / 1000;
}
