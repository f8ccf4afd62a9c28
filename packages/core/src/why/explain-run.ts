import type { Job } from "../model/job.js";
import type { WorkerRecord } from "../ports/registry.js";
import type { WhyReason } from "./reasons.js";

/** Where a started job runs, or ran when it was heard of last. */
export function explainRun({ id, worker, startedAt, lapsed }: Job, workers: readonly WorkerRecord[]): WhyReason {
  const record = workers.find((one) => one.id === worker);
  const since = startedAt ? { since: startedAt } : {};
  const by = worker === undefined ? {} : { worker };
  const start = startedAt ? ` since ${startedAt.toISOString()}` : "";
  const who = worker ?? "a worker";
  if (lapsed) {
    const sentence = `its lease lapsed: ${who} had it${start} and ${record ? "does not extend it" : "is gone"}; the next free slot gets it`;
    return { reason: "lapsed", ...by, ...since, sentence };
  }
  const pid = pidOf(record, id);
  const where = pid === undefined ? "" : pid === 0 ? ", in the worker's own process" : `, in process ${pid}`;
  const silent = record ? "" : " (that worker sends no heartbeat: the job comes back when its lease ends)";
  const host = record ? { host: record.host } : {};
  const sentence = `it runs on ${who}${where}${start}${silent}`;
  return { reason: "running", ...by, ...host, ...(pid === undefined ? {} : { pid }), ...since, sentence };
}

/** The process in which a worker's report shows the job. */
function pidOf(record: WorkerRecord | undefined, id: string): number | undefined {
  const report = record?.report;
  if (typeof report !== "object" || report === null || !("running" in report)) return undefined;
  const running: unknown = report["running"];
  if (!Array.isArray(running)) return undefined;
  const job = (running as readonly { id?: unknown; pid?: unknown }[]).find((one) => one?.id === id);
  return typeof job?.pid === "number" ? job.pid : undefined;
}
