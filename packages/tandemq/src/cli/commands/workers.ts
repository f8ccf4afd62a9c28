import { countOf, count } from "@tandemq/core";
import type { Client, WorkerRecord } from "@tandemq/core";
import type { WorkerReport } from "@tandemq/worker";
import type { CommandModule } from "yargs";
import { withConfigFlags } from "../config-flags.js";
import { withClient } from "../open-client.js";
import { megabytes } from "../output/numbers.js";
import { clean, paint } from "../output/style.js";
import { tableLines } from "../output/table.js";
import { age, span } from "../output/times.js";
import { show, type View, withViewFlags } from "../output/view.js";
import { processesOf } from "./workers/processes-of.js";
import { reportOf } from "./workers/report-of.js";

export const workersCommand: CommandModule = {
  command: "workers",
  builder: (yargs) =>
    withViewFlags(withConfigFlags(yargs, [""]), true)
      .example("$0 workers --watch", "what runs where, again and again")
      .example("$0 workers --json", "the last heartbeat of each worker")
      .epilogue("What is shown is as old as the last heartbeat (5 s). Exit codes: 0 shown, 1 no store."),
  handler: (argv) => withClient(argv, (client) => show(argv, () => look(client))),
};

async function look(client: Client): Promise<View> {
  const workers = await client.workers();
  const lines = workers.flatMap((worker) => [...linesOf(worker), ""]);
  return { json: workers, lines: workers.length === 0 ? ["no worker is alive"] : lines.slice(0, -1) };
}

function linesOf(worker: WorkerRecord): string[] {
  const report = reportOf(worker);
  const processes = processesOf(report, worker.pid);
  const rows = processes.flatMap(({ pid, state, rss, cpu, loopDelay, jobs }) => {
    const figures = [String(pid), state, String(jobs.length), megabytes(rss), span(cpu), `${loopDelay} ms`];
    const [first, ...others] = jobs.map((job) => runningText(job));
    return [[...figures, first ?? ""], ...others.map((text) => ["", "", "", "", "", "", text])];
  });
  return [headOf(worker, report), ...tableLines(["pid", "state", "jobs", "memory", "cpu", "delay", "runs"], rows)];
}

function headOf(worker: WorkerRecord, report: Partial<WorkerReport>): string {
  const { host, pid, state, concurrency, processes, startedAt, seenAt, queues } = worker;
  const slots = concurrency * Math.max(1, processes);
  const rate = Object.values(report.queues ?? {}).reduce((sum, queue) => sum + (queue.rate ?? 0), 0);
  const parts = [
    `${paint("bold", clean(`${host} ${pid}`))} ${state === "running" ? paint("green", state) : paint("yellow", state)}`,
    `${report.runningCount ?? 0} of ${slots} slots (${concurrency} x ${processes})`,
    `${count(report.done ?? 0)} done, ${count(report.failed ?? 0)} failed, ${rate.toFixed(1)}/s`,
    `up ${age(startedAt)}, seen ${age(seenAt)} ago`,
    countOf(queues.length, "queue"),
  ];
  return parts.join("  ");
}

function runningText({ id, path, queue, ms, attempt }: WorkerReport["running"][number]): string {
  return clean(`${path} for ${span(ms)} (${queue}, attempt ${attempt}, ${id})`);
}
