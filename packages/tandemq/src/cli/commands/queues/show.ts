import { type Client, type Histogram, type HistogramOptions, type Job, statuses, count } from "@tandemq/core";
import type { CommandModule } from "yargs";
import { type Arguments, withClient } from "../../open-client.js";
import { clean, paint } from "../../output/style.js";
import { span } from "../../output/times.js";
import { show, type View, withViewFlags } from "../../output/view.js";
import { moment, text, whole } from "../../read-flags.js";
import { isTree, queueOrTree, withName } from "./name.js";
import { lookAtTree } from "./show-tree.js";

const headSize = 5;
const barWidth = 40;

export const showQueue: CommandModule = {
  command: "show <name>",
  describe: "One queue: jobs per status, those that come next, and when the waiting ones come due; or a tree of queues",
  builder: (yargs) =>
    withViewFlags(withName(yargs), true)
      .option("from", { type: "string", requiresArg: true, describe: "Where the slices begin: in 2h, a date, a score" })
      .option("to", { type: "string", requiresArg: true, describe: "Where they end", defaultDescription: "the last" })
      .option("slices", { type: "string", requiresArg: true, describe: "How many", defaultDescription: "10" })
      .example("$0 queues show crawl --to 1d --slices 24", "what comes due in each hour of the day to come"),
  handler: async (argv) => {
    const name = queueOrTree(argv);
    await withClient(argv, (client) =>
      show(argv, () => (isTree(name) ? lookAtTree(client, name) : look(client, name, argv))),
    );
  },
};

async function look(client: Client, name: string, argv: Arguments): Promise<View> {
  const range = rangeOf(argv);
  const queue = client.queue(name);
  const [mode, pausedBy = null, counts, head, histogram] = await Promise.all([
    queue.mode(),
    queue.pausedBy(),
    queue.counts(),
    queue.head(headSize),
    queue.histogram(range),
  ]);
  const found = statuses.filter((status) => counts[status] > 0).map((status) => `${count(counts[status])} ${status}`);
  const lines = [
    `${paint("bold", clean(name))}  ${mode}${pauseNote(name, pausedBy)}`,
    found.join(", ") || "no jobs",
    ...headLines(head),
    ...histogramLines(histogram),
  ];
  return { json: { queue: name, mode, paused: pausedBy !== null, pausedBy, counts, head, histogram }, lines };
}

function pauseNote(name: string, pausedBy: string | null): string {
  if (pausedBy === null) return "";
  return paint("yellow", pausedBy === name ? "  paused" : `  paused with ${clean(pausedBy)}`);
}

function rangeOf(argv: Arguments): HistogramOptions {
  const slices = whole(argv, "slices", 1, 1000);
  const [from, to] = (["from", "to"] as const).map((name) => end(argv, name));
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(slices === undefined ? {} : { slices }),
  };
}

/** A score, or a time. */
function end(argv: Arguments, name: string): Date | number | undefined {
  const given = text(argv, name)?.trim();
  return given !== undefined && /^[-+]?\d+(\.\d+)?$/.test(given) ? Number(given) : moment(argv, name);
}

function headLines(head: readonly Job[]): string[] {
  if (head.length === 0) return [];
  return ["", "next:", ...head.map(({ id, path }) => `  ${id}  ${clean(path)}`)];
}

function histogramLines({ by, slices, others }: Histogram): string[] {
  const most = Math.max(1, ...slices.map((slice) => slice.count));
  if (slices.every(({ count: n }) => n === 0)) return others > 0 ? ["", `${count(others)} ${besideOf(by)}`] : [];
  const shown = slices.filter(({ from, to, count: n }) => n > 0 || (from !== undefined && to !== undefined));
  const labels = shown.map(({ from, to }) => `${label(by, from)} … ${label(by, to)}`);
  const width = Math.max(...labels.map(({ length }) => length));
  const bars = shown.map(({ count: n }, i) => {
    const bar = "█".repeat(Math.ceil((n / most) * barWidth));
    return `  ${labels[i]?.padEnd(width)}  ${count(n).padStart(7)}  ${bar}`;
  });
  return [
    "",
    `waiting jobs by ${by === "due" ? "the time they come due" : "score"}:`,
    ...bars,
    `  ${count(others)} ${besideOf(by)}`,
  ];
}

function besideOf(by: Histogram["by"]): string {
  return by === "due" ? "in line now" : "wait for their time";
}

function label(by: Histogram["by"], edge: number | undefined): string {
  if (edge === undefined) return "";
  if (by === "score") return String(Number(edge.toPrecision(6)));
  const ms = edge - Date.now();
  return ms < 0 ? `${span(-ms)} ago` : `in ${span(ms)}`;
}
