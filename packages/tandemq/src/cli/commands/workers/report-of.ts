import type { WorkerRecord } from "@tandemq/core";
import type { WorkerReport } from "@tandemq/worker";

/** What a heartbeat tells; of a worker of another version, whatever of it is there. */
export function reportOf({ report }: WorkerRecord): Partial<WorkerReport> {
  const given: unknown = report;
  return typeof given === "object" && given !== null ? (given as Partial<WorkerReport>) : {};
}
