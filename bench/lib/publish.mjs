/** A result as the documentation shows it: a page of tables and a chart. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { drawChart } from "../charts/draw.mjs";
import { figureCells, resultCells } from "./report.mjs";
import { roundsOf } from "./statistics.mjs";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));

/** @returns the files that were written */
export function publish(result) {
  const [page, chart] = [`${docs}benchmarks.md`, `${docs}images/benchmark.svg`];
  mkdirSync(`${docs}images`, { recursive: true });
  writeFileSync(page, writePage(result));
  writeFileSync(chart, drawChart(result));
  return [page, chart];
}

/** The whole page, in Markdown. */
export function writePage(result) {
  const { machine, versions, settings, promises, seconds, quick, figures, results } = result;
  const { cores, model, memory, load, node } = machine;
  const rounds = roundsOf(results);
  const head = ["figure", "value", "spread", "must", "aim", "verdict"];
  return `# Benchmarks

<!-- Written by \`npm run bench -- --publish\`. -->

${quick ? "**A quick run: one round of less work. A first look, not a verdict.**\n\n" : ""}TandemQ and other queues on the same stores, in one run of \`npm run bench\`, measured in turns: ${rounds} ${rounds === "1" ? "round" : "rounds"}, fresh
processes and empty stores for each measurement, every job checked to have run exactly once. A ratio is the median of the
rounds' own ratios. [How it is measured, and who promises what](../bench/README.md).

![Jobs per second of TandemQ and other queues](images/benchmark.svg)

- **Machine**: ${cores} cores ${model}, ${memory}; node ${node}; load before the run ${load}; ${Math.round(seconds / 60)} minutes.
- **Stores**: redis ${versions.redis}, ${settings.redis}; mongod ${versions.mongod}, ${settings.mongo}.
- **Versions**: ${listOf(versions)}.

## Figures

${table(head, figures.map(figureCells))}

## Measurements

Median of the rounds, then the least and the greatest of them.
${results.map(section).join("")}
## Who promises what

${table(["queue", "what it keeps, and when it is acknowledged"], Object.entries(promises))}
`;
}

const listOf = (versions) =>
  Object.entries(versions)
    .filter(([name]) => name !== "redis" && name !== "mongod")
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");

function section({ title, unit, series }) {
  return `\n### ${title}\n\n${table(
    ["", "median", "", "spread", "rounds"],
    series.map((one) => resultCells(one, unit)),
  )}\n`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
