import type { RunningJob, WorkerReport } from "@tandemq/worker";

/** One process of a worker and the jobs in it. Memory in bytes, times in ms. */
export interface ProcessView {
  readonly pid: number;
  readonly state: string;
  readonly rss: number;
  readonly cpu: number;
  readonly loopDelay: number;
  readonly jobs: readonly RunningJob[];
}

const unknown = { rss: 0, cpu: 0, loopDelay: 0 };

/** The supervisor first, then its children; each with what it runs, the longest first. */
export function processesOf(report: Partial<WorkerReport>, pid: number): ProcessView[] {
  const running = [...(report.running ?? [])].sort((a, b) => b.ms - a.ms);
  const of = (child: number) => running.filter((job) => job.pid === child);
  const children = (report.children ?? []).map(({ pid: child, state, blocked, rss, cpu, loopDelay }) => ({
    ...{ pid: child, rss, cpu, loopDelay, jobs: of(child) },
    state: blocked ? "blocked" : state,
  }));
  return [{ pid, state: "supervisor", ...(report.supervisor ?? unknown), jobs: of(0) }, ...children];
}
