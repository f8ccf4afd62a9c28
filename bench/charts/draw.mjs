/** The chart of the documentation, drawn from a result: a panel per case, a bar per peer, the spread as a thin line. */
import { roundsOf } from "../lib/statistics.mjs";
import { bar, label, panelTitle, svg } from "./svg.mjs";

/** Which cases are drawn, and what the variants of each are called. */
const panels = [
  { case: "process c=100", title: "Process no-op jobs, 100 in flight (jobs/s)" },
  { case: "process 4×25", title: "Process, four processes × 25 (jobs/s)" },
  { case: "process c=1", title: "Process one at a time (jobs/s)" },
  { case: "add single", title: "Add one by one (jobs/s)" },
  { case: "add concurrent", title: "Add, 100 producers (jobs/s)" },
  { case: "add bulks", title: "Add in bulks of 50 (jobs/s)" },
];
const names = {
  "no-storage": "TandemQ no-storage",
  raw: "TandemQ raw",
  regular: "TandemQ regular",
  bullmq: "BullMQ",
  "bee-queue": "Bee-Queue",
  agenda: "Agenda",
  celery: "Celery",
  rq: "RQ",
};

const size = { width: 900, column: 440, name: 130, bar: 220, row: 20, gap: 18, head: 26 };

/** @returns the text of an SVG file */
export function drawChart(result) {
  const drawn = panels
    .map((panel) => ({ ...panel, bars: barsOf(result, panel) }))
    .filter(({ bars }) => bars.length > 0);
  const columns = [0, size.column + 20];
  const heights = [14, 14];
  const parts = drawn.map((panel, i) => {
    const side = i % 2;
    const part = drawPanel(panel, columns[side] + 10, heights[side]);
    heights[side] += size.head + panel.bars.length * size.row + size.gap;
    return part;
  });
  const foot = Math.max(...heights) + 8;
  return svg(size.width, foot + 14, [...parts.flat(), label(10, foot, footOf(result), { quiet: true })]);
}

function barsOf({ results }, panel) {
  const series = results.find(({ name }) => name === panel.case)?.series ?? [];
  return series
    .filter(({ variant, error }) => names[variant] && !error)
    .map(({ variant, median, min, max }) => ({ name: names[variant], ours: variant in ourModes, median, min, max }))
    .sort((a, b) => b.median - a.median);
}

const ourModes = { "no-storage": 1, raw: 1, regular: 1 };

function drawPanel({ title, bars }, x, y) {
  const most = Math.max(...bars.map(({ max }) => max));
  const scale = (value) => (value / most) * size.bar;
  return [
    panelTitle(x, y + 8, title),
    ...bars.flatMap(({ name, ours, median, min, max }, i) => {
      const top = y + size.head + i * size.row - 6;
      const from = x + size.name;
      return [
        label(from - 8, top + 11, name, { right: true }),
        bar({ x: from, y: top, width: scale(median), height: size.row - 6, ours, spread: [scale(min), scale(max)] }),
        label(from + scale(max) + 6, top + 11, rounded(median)),
      ];
    }),
  ];
}

/** Three digits: more would say more than the spread allows. */
function rounded(value) {
  return Number(value.toPrecision(3)).toLocaleString("en-US");
}

function footOf({ machine, versions, results }) {
  const { cores, model, node } = machine;
  const rounds = roundsOf(results.filter(({ name }) => panels.some((panel) => panel.case === name)));
  const peers = ["bullmq", "bee-queue", "agenda", "celery", "rq", "redis", "mongod"]
    .filter((name) => versions[name])
    .map((name) => `${name} ${versions[name]}`);
  const measured = rounds === "1" ? "one round" : `median of ${rounds} interleaved rounds, thin line: spread`;
  return `${measured} · ${cores} cores ${model} · node ${node} · ${peers.join(", ")}`;
}
