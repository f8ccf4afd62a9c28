import { type Client, type QueueHandle, statuses, type WorkerRecord, count } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { withClient } from "../../open-client.js";
import { perSecond } from "../../output/numbers.js";
import { clean, paint } from "../../output/style.js";
import { tableLines } from "../../output/table.js";
import { span } from "../../output/times.js";
import { show, type View, withViewFlags } from "../../output/view.js";
import { exitCodes } from "../../report-error.js";
import { reportOf } from "../workers/report-of.js";

export const listQueues: CommandModule = {
  command: ["list", "$0"],
  describe: "Mode, jobs per status, how long the first one waits, jobs ended per second",
  builder: (yargs) => withViewFlags(yargs, true),
  handler: (argv) => withClient(argv, (client) => show(argv, () => look(client))),
};

interface QueueView {
  readonly queue: string;
  readonly mode: string;
  readonly configured: string | null;
  readonly paused: boolean;
  /** What was paused: the queue itself, or a tree that it is in. */
  readonly pausedBy: string | null;
  readonly counts: Readonly<Record<string, number>>;
  /** Since when the job that comes next could be claimed, ms; `null`: nothing waits. */
  readonly oldestMs: number | null;
  /** Jobs that ended per second over the last minute, by the workers that are alive. */
  readonly rate: number;
}

async function look(client: Client): Promise<View> {
  const [queues, workers] = await Promise.all([client.queues(), client.workers()]);
  const views = await Promise.all(queues.map((queue) => view(queue, workers)));
  for (const one of views) tellMismatch(one);
  return { json: views, lines: views.length === 0 ? ["no queues yet"] : table(views) };
}

async function view(queue: QueueHandle, workers: readonly WorkerRecord[]): Promise<QueueView> {
  const [mode, configured, pausedBy = null, counts, head] = await Promise.all([
    queue.mode(),
    queue.configuredMode(),
    queue.pausedBy(),
    queue.counts(),
    queue.head(1),
  ]);
  const waits = head[0]?.due ? Date.now() - head[0].due.getTime() : -1;
  const rate = workers.reduce((sum, worker) => sum + (reportOf(worker).queues?.[queue.name]?.rate ?? 0), 0);
  const oldestMs = waits >= 0 ? waits : null;
  const paused = pausedBy !== null;
  return { queue: queue.name, mode, configured: configured ?? null, paused, pausedBy, counts, oldestMs, rate };
}

function table(views: readonly QueueView[]): string[] {
  const shown = statuses.filter((status) => views.some(({ counts }) => (counts[status] ?? 0) > 0));
  return tableLines(
    ["queue", "mode", ...shown, "oldest", "rate", ""],
    views.map((one) => [
      clean(one.queue),
      one.mode,
      ...shown.map((status) => count(one.counts[status] ?? 0)),
      one.oldestMs === null ? "-" : span(one.oldestMs),
      perSecond(one.rate),
      noteOf(one),
    ]),
  );
}

function noteOf({ queue, pausedBy, configured, mode }: QueueView): string {
  if (pausedBy !== null) return paint("yellow", pausedBy === queue ? "paused" : `paused with ${clean(pausedBy)}`);
  if (configured === null) return paint("dim", "not configured here");
  return configured === mode ? "" : paint("red", `configured as ${configured}`);
}

/** One that is configured otherwise than recorded is shown as it is recorded, and told. */
function tellMismatch({ queue, mode, configured }: QueueView): void {
  if (configured === mode || configured === null) return;
  console.error(
    `tandemq: queue "${queue}" is "${mode}" by the record in its store, but configured as "${configured}": configure it as it is recorded, ` +
      `move its jobs with \`tandemq queues migrate ${queue}\`, or drop the record with \`tandemq queues forget ${queue}\``,
  );
  process.exitCode = exitCodes.failed;
}
