import { count, countOf } from "@tandemq/core";
import type { WorkerReport } from "@tandemq/worker";
import { megabytes, perSecond } from "../output/numbers.js";
import { cut } from "../output/table.js";
import { clean, paint } from "../output/style.js";

export interface WorkerFigures {
  readonly report: WorkerReport;
  readonly state: string;
  readonly slots: number;
  /** Jobs ended per second, just now. */
  readonly rate: number;
}

const barWidth = 20;
const mostQueues = 4;

/** The few lines that tell how a worker does. */
export function workerLines({ report, state, slots, rate }: WorkerFigures, columns: number): string[] {
  const { done, failed, retried, lost, runningCount } = report;
  const told = [`${count(done)} done`, `${count(failed)} failed`, `${count(retried)} retried`];
  if (lost > 0) told.push(`${count(lost)} lost`);
  const head = `${state.padEnd(8)} ${bar(runningCount, slots)} ${runningCount} of ${slots} slots  ${perSecond(rate)}  `;
  return [
    failed > 0 ? head + paint("red", told.join(", ")) : head + told.join(", "),
    ...[queuesLine(report), childrenLine(report)].filter((line) => line !== "").map((line) => cut(line, columns)),
  ];
}

function bar(used: number, of: number): string {
  const full = of === 0 ? 0 : Math.min(barWidth, Math.ceil((used / of) * barWidth));
  return "█".repeat(full) + "░".repeat(barWidth - full);
}

/** The busiest queues. */
function queuesLine({ queues }: WorkerReport): string {
  const busy = Object.entries(queues).sort(([, a], [, b]) => b.rate - a.rate);
  const shown = busy.slice(0, mostQueues).map(([name, { rate, run, failed }]) => {
    const slow = run.p95 === null ? "" : ` p95 ${Math.round(run.p95)} ms`;
    return `${clean(name)} ${perSecond(rate)}${slow}${failed > 0 ? ` ${count(failed)} failed` : ""}`;
  });
  const more = busy.length > mostQueues ? [`${busy.length - mostQueues} more`] : [];
  return shown.length === 0 ? "" : `queues   ${[...shown, ...more].join(" · ")}`;
}

function childrenLine({ children }: WorkerReport): string {
  const shown = children.map(
    ({ pid, running, rss, blocked }) =>
      `${pid} ${countOf(running, "job")} ${megabytes(rss)}${blocked ? " BLOCKED" : ""}`,
  );
  return shown.length === 0 ? "" : `children ${shown.join(" · ")}`;
}
